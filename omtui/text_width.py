"""How wide a text is on a terminal, and how it is broken into lines."""

import unicodedata


def width_of(text: str) -> int:
    """The columns a text takes on a terminal: two for wide characters, none for combining ones."""
    return len(text) if text.isascii() else sum(map(_width_of_letter, text))


def padded(text: str, columns: int) -> str:
    """A text with blanks up to so many columns."""
    return text + " " * (columns - width_of(text))


def wrapped(text: str, columns: int) -> list[str]:
    """A text broken into lines of at most so many columns, at blanks where that is possible."""
    if width_of(text) <= columns:
        return [text]
    lines = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if width_of(joined) <= columns:
            line = joined
            continue
        if line:
            lines.append(line)
        while width_of(word) > columns:
            head = _head(word, columns)
            lines.append(word[:head])
            word = word[head:]
        line = word
    return [*lines, line] if line or not lines else lines


def _head(word: str, columns: int) -> int:
    """How many characters of a word fit; at least one."""
    taken = 0
    for number, letter in enumerate(word):
        taken += _width_of_letter(letter)
        if taken > columns:
            return max(number, 1)
    return len(word)


def _width_of_letter(letter: str) -> int:
    if letter < "\u0300":
        return 1
    if unicodedata.east_asian_width(letter) in "WF":
        return 2
    return 0 if unicodedata.category(letter) in ("Mn", "Me", "Cf") else 1
