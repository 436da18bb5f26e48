"""The emulated screen, fed with sequences as programs write them."""

import base64

import pytest

from tests.terminal.screen import Cell, Screen


@pytest.fixture
def screen() -> Screen:
    return Screen(20, 4)


def shown(screen: Screen) -> list[str]:
    return [line.rstrip() for line in screen.display]


@pytest.mark.parametrize(
    "unknown",
    [
        "\x1b[>1u\x1b[<u\x1b[=5u\x1b[?u",
        "\x1b[>4;1m\x1b[?4m",
        "\x1b]8;;https://oracle.example\x1b\\\x1b]8;;\x07",
        "\x1bP+q524742\x1b\\",
        "\x1bPtmux;\x1b\x1b]52;c;QQ==\x07\x1b\\",
        "\x1b_Gi=1\x1b\\\x1b^x\x1b\\",
        "\x1b(B\x1b)0\x1b=\x1b>",
        "\x1b[?1000h\x1b[?1000l\x1b[?12;25h",
        "\x1b[!p\x1b[2 q\x1b[22;0;0t\x1b[?6n",
    ],
)
def test_what_is_not_understood_leaves_no_trace(screen: Screen, unknown: str) -> None:
    screen.feed(f"one {unknown}two".encode())
    assert shown(screen)[0] == "one two"
    assert screen.cell(4, 0) == Cell("t")


def test_output_may_be_cut_anywhere() -> None:
    text = "\x1b[1;31mcafé\x1b[0m \x1b]52;c;aGk=\x07注文\x1b[4:3;38:2::1:2:3mx\x1b[?2026$p"
    whole = Screen(20, 4)
    whole.feed(text.encode())
    piecewise = Screen(20, 4)
    for byte in text.encode():
        piecewise.feed(bytes([byte]))
    assert whole.buffer[0] == piecewise.buffer[0]
    assert shown(piecewise)[0] == "café 注文x"
    assert piecewise.clipboard == ["hi"]


def test_colours_and_attributes(screen: Screen) -> None:
    screen.feed(b"\x1b[1;2;33;104ma\x1b[22;38;5;208;48;2;1;2;3mb\x1b[38;5;9;39;7mc\x1b[md")
    assert [screen.cell(x, 0) for x in range(4)] == [
        Cell("a", fg="yellow", bg="brightblue", bold=True, faint=True),
        Cell("b", fg="ff8700", bg="010203"),
        Cell("c", bg="010203", reverse=True),
        Cell("d"),
    ]


def test_the_main_screen_comes_back(screen: Screen) -> None:
    screen.feed(b"before\r\n\x1b[?1049h\x1b[2Jinside")
    assert "before" not in screen.display[0]
    assert screen.private_modes == {7, 25, 1049}
    screen.feed(b"\x1b[?1049lafter")
    assert shown(screen)[:2] == ["before", "after"]
    assert screen.private_modes == {7, 25}


def test_wide_characters_take_two_cells_and_joiners_none(screen: Screen) -> None:
    screen.feed("注文|e\u0301|a\ufe0f\u200db".encode())
    assert [screen.cell(x, 0).data for x in range(9)] == ["注", "", "文", "", "|", "é", "|", "a", "b"]


def test_scrolling_by_command(screen: Screen) -> None:
    screen.feed(b"1\r\n2\r\n3\r\n4\x1b[S")
    assert shown(screen) == ["2", "3", "4", ""]
    screen.feed(b"\x1b[2T\x1b[Hx\x1b[3b")
    assert shown(screen) == ["xxxx", "", "2", "3"]


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("\x1b[?2026$p", "\x1b[?2026;2$y"),
        ("\x1b[?2026h\x1b[?2026$p", "\x1b[?2026;1$y"),
        ("\x1b[?2048$p", "\x1b[?2048;0$y"),
        ("\x1b[c", "\x1b[?62;22c"),
        ("\x1b[2;5H\x1b[6n", "\x1b[2;5R"),
        ("\x1b]11;?\x07", "\x1b]11;rgb:0000/0000/0000\x1b\\"),
    ],
)
def test_queries_are_answered(screen: Screen, query: str, answer: str) -> None:
    answers: list[bytes] = []
    screen.reply = answers.append
    screen.feed(query.encode())
    assert answers == [answer.encode()]


def test_a_light_terminal_says_so() -> None:
    screen, answers = Screen(20, 4, light=True), list[bytes]()
    screen.reply = answers.append
    screen.feed(b"\x1b]11;?\x07")
    assert answers == [b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\"]


def test_the_clipboard_takes_text_and_ignores_queries_and_nonsense(screen: Screen) -> None:
    text = "https://soa.pick.example:8002/ 注文"
    screen.feed(b"\x1b]52;c;?\x07\x1b]52;c;%%%\x07\x1b]52;;" + base64.b64encode(text.encode()) + b"\x1b\\")
    assert screen.clipboard == [text]
