"""A secret does not show itself."""

import copy
import dataclasses
import json
import logging
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.credentials.secret import Secret, texts_held
from tests.credentials.conftest import record_of

VALUE = "hunter2-correct-horse"


@pytest.mark.parametrize(
    "shown",
    [
        repr(Secret(VALUE)),
        str(Secret(VALUE)),
        f"{Secret(VALUE)}",
        f"{Secret(VALUE)!r:>40}",
        format(Secret(VALUE), "s"),
        "%s %r" % (Secret(VALUE), Secret(VALUE)),  # noqa: UP031
        repr(record_of(VALUE)),
        repr(dataclasses.asdict(record_of(VALUE))),
        repr(dir(Secret(VALUE))),
        repr([Secret(VALUE)]),
    ],
)
def test_no_way_of_showing_shows_it(shown: str) -> None:
    assert VALUE not in shown


def test_nor_does_anything_show_its_length() -> None:
    assert repr(Secret("a")) == repr(Secret("a" * 1000))
    assert str(Secret("a")) == str(Secret(""))
    assert not hasattr(Secret("a"), "__len__")


def test_rich_shows_nothing_either() -> None:
    from rich.console import Console
    from rich.pretty import pretty_repr

    assert VALUE not in pretty_repr(record_of(VALUE), expand_all=True)
    console = Console(record=True, width=200)
    from rich import inspect

    inspect(Secret(VALUE), console=console, private=True, dunder=True, docs=False)
    assert VALUE not in console.export_text()


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_is_never_pickled(protocol: int) -> None:
    for holder in (Secret(VALUE), record_of(VALUE), {"a": [Secret(VALUE)]}):
        with pytest.raises(TypeError, match="never pickled") as failure:
            pickle.dumps(holder, protocol)
        assert VALUE not in str(failure.value)


def test_json_refuses_it() -> None:
    with pytest.raises(TypeError) as failure:
        json.dumps({"password": Secret(VALUE)})
    assert VALUE not in str(failure.value)
    with pytest.raises(TypeError):
        json.dumps(Secret(VALUE), default=vars)


def test_a_copy_is_the_secret_itself() -> None:
    secret = Secret(VALUE)
    kept = copy.deepcopy({"undo": [secret]})["undo"][0]
    secret.forget()
    assert kept.forgotten
    assert copy.copy(secret) is secret


def test_a_comparison_that_fails_shows_nothing() -> None:
    one, other = Secret(VALUE), Secret(VALUE)
    with pytest.raises(AssertionError) as failure:
        assert one == other
    assert VALUE not in str(failure.value)


def test_logging_shows_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("any").debug("password %s %r", Secret(VALUE), {"p": Secret(VALUE)})
    assert VALUE not in caplog.text


@given(st.text(), st.text())
def test_it_matches_what_has_the_same_text(one: str, other: str) -> None:
    assert Secret(one).matches(Secret(other)) == (one == other)


def test_after_forgetting_it_is_gone() -> None:
    text = "held by this test alone"
    secret = Secret(text)
    assert text in texts_held()
    secret.forget()
    assert text not in texts_held()
    with pytest.raises(RuntimeError, match="forgotten"):
        secret.reveal()


def test_what_nobody_holds_is_not_held() -> None:
    secret = Secret("held by nobody soon")
    assert "held by nobody soon" in texts_held()
    del secret
    assert "held by nobody soon" not in texts_held()


def test_what_is_no_text_is_refused_without_showing_it() -> None:
    with pytest.raises(ValueError, match="UTF-8") as failure:
        Secret("hunter2\udcff")
    assert "hunter2" not in str(failure.value)
