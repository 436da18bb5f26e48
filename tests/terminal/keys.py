"""The bytes that xterm sends for a key, by Textual's names for keys."""

_LETTERS = {"up": "A", "down": "B", "right": "C", "left": "D", "end": "F", "home": "H"}
_NUMBERS = {"insert": 2, "delete": 3, "pageup": 5, "pagedown": 6}
_NUMBERS |= {"f5": 15, "f6": 17, "f7": 18, "f8": 19, "f9": 20, "f10": 21, "f11": 23, "f12": 24}
_PLAIN = {
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "escape": "\x1b",
    "space": " ",
    "backspace": "\x7f",
    "ctrl+space": "\x00",
    "ctrl+@": "\x00",
    "ctrl+backslash": "\x1c",
    "ctrl+right_square_bracket": "\x1d",
    "ctrl+underscore": "\x1f",
    "f24": "\x1b[24$",  # shift+f12 as rxvt sends it
    "slash": "/",
    "question_mark": "?",
}


def bytes_of_key(key: str) -> bytes:
    """What a terminal sends for a key: "ctrl+s", "shift+f12", "f24", "alt+x", "pageup", "é".

    Raises `ValueError` for a key no terminal can send, so that a typing mistake in a test is reported.
    """
    if key in _PLAIN:
        return _PLAIN[key].encode()
    if len(key) == 1:
        return key.encode()
    *modifiers, name = key.split("+")
    if not set(modifiers) <= {"shift", "alt", "ctrl"}:
        raise ValueError(f"no such key: {key}")
    weight = 1 + sum({"shift": 1, "alt": 2, "ctrl": 4}[modifier] for modifier in modifiers)
    if name in _NUMBERS:
        return f"\x1b[{_NUMBERS[name]}{f';{weight}' if weight > 1 else ''}~".encode()
    if name in _LETTERS:
        return (f"\x1b[1;{weight}" if weight > 1 else "\x1b[").encode() + _LETTERS[name].encode()
    if name in ("f1", "f2", "f3", "f4"):
        letter = "PQRS"[int(name[1]) - 1]
        return (f"\x1b[1;{weight}{letter}" if weight > 1 else f"\x1bO{letter}").encode()
    if modifiers == ["ctrl"] and len(name) == 1 and name.isascii() and name.isalpha():
        return bytes([ord(name.lower()) & 0x1F])
    if modifiers == ["alt"]:
        return b"\x1b" + bytes_of_key(name)
    raise ValueError(f"no such key: {key}")
