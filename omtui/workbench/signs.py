"""The few signs the workbench draws with, in Unicode and in ASCII."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signs:
    """One way of drawing. States never rest on colour alone: each has its sign."""

    error: str = "●"
    warning: str = "▲"
    info: str = "i"
    fine: str = "✓"
    empty: str = "·"
    incomplete: str = "○"
    done: str = "■"
    again: str = "±"
    unsaved: str = "●"
    then: str = "›"
    call: str = "→"
    wait: str = "◷"
    branch: str = "◇"
    merge: str = "◆"
    tee: str = "├─ "
    corner: str = "└─ "
    bar: str = "│  "
    middle: str = "·"
    lock: str = "read-only"
    ellipsis: str = "…"
    rising: str = "↑"
    falling: str = "↓"

    def level(self, level: str) -> str:
        """The sign of a finding's level; empty for none."""
        return {"error": self.error, "warning": self.warning, "info": self.info}.get(level, "")

    def cut(self, text: str, width: int) -> str:
        """A text that is no longer than a width, with a mark where it was cut."""
        return text if len(text) <= width else f"{text[: width - 1]}{self.ellipsis}"

    def ascii_text(self, text: str) -> str:
        """Text that holds signs, as it can be drawn here."""
        if self is UNICODE:
            return text
        return text.translate(_TO_ASCII)


UNICODE = Signs()
ASCII = Signs(
    error="E",
    warning="W",
    info="i",
    fine="+",
    empty=".",
    incomplete="o",
    done="#",
    again="~",
    unsaved="*",
    then=">",
    call="->",
    wait="~",
    branch="?",
    merge="=",
    tee="|- ",
    corner="`- ",
    bar="|  ",
    middle="-",
    ellipsis="~",
    rising="^",
    falling="v",
)

_TO_ASCII = str.maketrans(
    {"›": ">", "…": "...", "·": "-", "⏎": "enter", "→": "->", "←": "<-", "⇧": "shift-", "×": "x", "—": "-"}
)
