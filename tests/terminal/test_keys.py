"""The bytes of keys, against Textual's own table of what terminals send."""

import pytest
from textual._xterm_parser import XTermParser
from textual.events import Key

from tests.terminal.keys import bytes_of_key

AS_SEEN_BY_TEXTUAL = {
    "alt+x": "alt+x",
    "ctrl+space": "ctrl+@",
    "space": "space",
    "/": "slash",
    "K": "K",
    "é": "é",
}
KEYS = (
    "ctrl+s ctrl+p ctrl+q ctrl+z ctrl+y enter tab shift+tab escape backspace delete insert home end pageup "
    "pagedown up down left right shift+up ctrl+left ctrl+home "
    "f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12 shift+f12 f24 ctrl+f5"
)


@pytest.mark.parametrize(("key", "seen"), [*AS_SEEN_BY_TEXTUAL.items(), *((key, key) for key in KEYS.split())])
def test_textual_reads_the_key_that_was_meant(key: str, seen: str) -> None:
    parser = XTermParser()
    messages = [*parser.feed(bytes_of_key(key).decode()), *parser.feed("")]
    assert [message.key for message in messages if isinstance(message, Key)] == [seen]


@pytest.mark.parametrize("key", ["contrl+s", "f25", "ctrl+1", "entr", "f0"])
def test_a_key_that_no_terminal_sends_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="no such key"):
        bytes_of_key(key)
