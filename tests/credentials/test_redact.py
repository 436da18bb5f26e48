"""Secrets are taken out of text, in every form they travel in."""

import base64
import io
import json
import logging
import sys
import time
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.credentials.redact import forms, protect_logging, redact, redacted_traceback
from omtui.credentials.secret import Secret

VALUE = 'p@ss "wörd" <&> \\ 5'


@given(st.text(min_size=4).filter(lambda text: "(hidden)" not in text and text not in "(hidden)"), st.text(), st.text())
def test_no_text_holds_a_secret_afterwards(value: str, before: str, after: str) -> None:
    secret = Secret(value)
    for text in (value, json.dumps(value), quote(value, safe=""), quote_plus(value), repr(value)):
        shown = redact(f"{before} {text} {after}")
        # The mark itself, or the text around it, may happen to contain the value.
        if value not in f"{before} (hidden) {after}":
            assert value not in shown
    assert not secret.forgotten


@given(st.binary(max_size=20), st.text(min_size=6, alphabet=st.characters(codec="utf-8")), st.binary(max_size=20))
def test_base64_gives_nothing_away_wherever_the_secret_stands_in_it(before: bytes, value: str, after: bytes) -> None:
    secret = Secret(value)
    text = redact(base64.b64encode(before + value.encode() + after).decode())
    assert "(hidden)" in text
    assert not secret.forgotten


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Basic b20uaW50ZWdyYXRpb246aHVudGVyMg==",
        "{'authorization': 'Basic b20uaW50ZWdyYXRpb246aHVudGVyMg=='}",
        "(b'Authorization', b'Bearer b20uaW50ZWdyYXRpb246aHVudGVyMg')",
        "proxy-authorization=Basic b20uaW50ZWdyYXRpb246aHVudGVyMg==",
    ],
)
def test_a_sign_in_header_is_masked_whatever_it_holds(text: str) -> None:
    assert "b20uaW50" not in redact(text)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("GET https://user:hunter2@pod.example/x", "hunter2"),
        ("https://pod.example/x?token=hunter2&y=1", "hunter2"),
        ("<wsse:Password Type='…#PasswordText'>hunter2</wsse:Password>", "hunter2"),
        ("<Password>hunter\n2</Password>", "hunter"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n-----END OPENSSH PRIVATE KEY-----", "hunter2"),
        ("-----BEGIN PRIVATE KEY-----\nhunter2 and no end", "hunter2"),
        ("key AGE-SECRET-KEY-1QQPQQPQ", "QQPQQPQ"),
    ],
)
def test_what_stands_where_secrets_stand_is_masked(text: str, secret: str) -> None:
    shown = redact(text)
    assert secret not in shown
    assert "(hidden)" in shown


@pytest.mark.parametrize(
    "piece",
    [
        "a.",
        "<Password ",
        "<Password>",
        "authorization: ",
        "authorization" + " " * 50,
        "-----BEGIN PRIVATE KEY-----",
        "a://:",
        "Basic ",
        "?token=",
    ],
)
def test_no_text_keeps_it_busy(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    started = time.process_time()
    redact(text)
    assert time.process_time() - started < 2


def test_what_is_no_secret_stays() -> None:
    text = "https://pod.example:443/fscmRestApi/resources?limit=5 answered 401 to om.integration@example.com"
    assert redact(text) == text


def test_a_very_short_secret_is_not_blotted_out() -> None:
    short = Secret("a1")
    assert redact("a1 b2 a1") == "a1 b2 a1"
    assert not short.forgotten


def test_the_longest_form_comes_first() -> None:
    found = forms(VALUE)
    assert found == sorted(found, key=len, reverse=True)


def crash(secret: Secret) -> None:
    clear = secret.reveal()
    raise ValueError(f"server said: {clear} is wrong, base64 {base64.b64encode(clear.encode()).decode()}")


def test_a_traceback_shows_neither_messages_nor_variables() -> None:
    secret = Secret(VALUE)
    try:
        crash(secret)
    except ValueError:
        shown = redacted_traceback(*sys.exc_info())  # type: ignore[arg-type]
    assert "test_redact.py" in shown
    assert VALUE not in shown
    assert base64.b64encode(VALUE.encode()).decode()[:12] not in shown


def test_every_record_of_every_logger_is_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging, "_logRecordFactory", logging.LogRecord)
    protect_logging()
    protect_logging()
    secret = Secret(VALUE)
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.getLogger("some.library")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        logger.debug("sent %s to %s", VALUE, "pod")
        logger.info("100% of it")
        try:
            crash(secret)
        except ValueError:
            logger.exception("failed with %r", VALUE)
    finally:
        logger.removeHandler(handler)
    written = out.getvalue()
    assert VALUE not in written
    assert repr(VALUE)[1:-1] not in written
    assert "sent (hidden) to pod" in written
    assert "100% of it" in written
    assert "Traceback" in written
