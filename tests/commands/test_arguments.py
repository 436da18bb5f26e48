"""Reading the words after a command's name."""

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from omtui.commands.arguments import Argument, Command, Misuse, Option, ParsedArguments, parse, usage

COMMAND = Command(
    "try",
    "tries",
    "nowhere:nothing",
    (
        Argument("PROFILE", "a profile"),
        Argument("VALUE", "a value", "?", loose=True),
        Argument("MORE", "more", "*", loose=True),
    ),
    (
        Option("--json", "json"),
        Option("--unlock", "unlock", "NAME"),
        Option("--tag", "tag", "NAME", many=True),
        Option("--format", "format", "FORMAT", choices=("text", "json")),
    ),
)


def words_of(*words: str) -> dict[str, list[str]]:
    given = parse(COMMAND, words)
    assert isinstance(given, ParsedArguments), given
    return given.words


def misuse(*words: str) -> str:
    given = parse(COMMAND, words)
    assert isinstance(given, Misuse), given
    return str(given)


def test_options_may_stand_anywhere() -> None:
    expected = {"PROFILE": ["dev"], "VALUE": ["x"], "--json": [], "--unlock": ["p"]}
    assert words_of("--json", "dev", "--unlock", "p", "x") == expected
    assert words_of("dev", "x", "--unlock=p", "--json") == expected


def test_a_value_may_begin_with_one_dash() -> None:
    assert words_of("dev", "-=3PL")["VALUE"] == ["-=3PL"]
    assert words_of("dev", "-5", "-x")["MORE"] == ["-x"]
    assert words_of("-")["PROFILE"] == ["-"]


def test_behind_two_dashes_nothing_is_an_option() -> None:
    assert words_of("dev", "--", "--json") == {"PROFILE": ["dev"], "VALUE": ["--json"]}


def test_an_option_given_twice_counts_where_it_may() -> None:
    assert words_of("dev", "--tag", "a", "--tag=b")["--tag"] == ["a", "b"]
    assert "twice" in misuse("dev", "--unlock", "a", "--unlock", "b")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "PROFILE is missing; type omtui try PROFILE [VALUE] [MORE…]"),
        (("dev", "--jsn"), "there is no option --jsn; did you mean --json?"),
        (("dev", "--anything"), "omtui try --help lists them"),
        (("-x",), "there is no option -x"),
        (("dev", "--unlock"), "--unlock needs a value; type --unlock NAME"),
        (("dev", "--json=yes"), "--json takes no value"),
        (("dev", "--format", "jsn"), "jsn is not a choice for --format; did you mean json?"),
        (("dev", "--format", ""), "choose text or json"),
    ],
)
def test_misuse_says_what_to_type(words: tuple[str, ...], message: str) -> None:
    assert message in misuse(*words)


def test_too_many_words_are_reported() -> None:
    command = Command("one", "one", "nowhere:nothing", (Argument("PROFILE", "a profile"),))
    given = parse(command, ["dev", "Pick system"])
    assert isinstance(given, Misuse)
    assert "Pick system is one word too many" in str(given)


def test_usage_shows_how_many() -> None:
    assert usage(COMMAND) == "try PROFILE [VALUE] [MORE…]"


@drawn(st.lists(st.text(max_size=8), max_size=6))
def test_any_words_are_read_or_refused(words: list[str]) -> None:
    assert isinstance(parse(COMMAND, words), (ParsedArguments, Misuse))


@drawn(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=6))
def test_no_word_behind_two_dashes_is_lost(words: list[str]) -> None:
    found = words_of("--", *words)
    assert [*found["PROFILE"], *found.get("VALUE", []), *found.get("MORE", [])] == words
