"""Every spelling of a number, a date or a time that TOML allows is found whole at every place."""

import tomllib
from random import Random

from omtui.store.change import Set, value_at
from omtui.store.document import Document
from omtui.store.syntax import elements, entries, statements
from tests.store.laws import law


def moment(chance: Random) -> str:
    """A date, a time, or both, in one of TOML's spellings."""
    day = f"{chance.randrange(1, 10000):04}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    time = f"{chance.randrange(24):02}:{chance.randrange(60):02}:{chance.randrange(60):02}"
    if chance.random() < 0.4:
        time += "." + "".join(chance.choices("0123456789", k=chance.randrange(1, 10)))
    zone = chance.choice(["", "Z", "z", f"{chance.choice('+-')}{chance.randrange(24):02}:{chance.randrange(60):02}"])
    return chance.choice([day, time, f"{day}{chance.choice('Tt ')}{time}{zone}"])


def number(chance: Random) -> str:
    """A whole number or a float in one of TOML's spellings."""

    def digits(letters: str, most: int = 8) -> str:
        return "_".join(
            "".join(chance.choices(letters, k=chance.randrange(1, 4))) for _ in range(chance.randrange(1, most // 2))
        )

    sign = chance.choice(["", "+", "-"])
    whole = chance.choice(["0", chance.choice("123456789") + chance.choice(["", digits("0123456789")])])
    exponent = chance.choice("eE") + chance.choice(["", "+", "-"]) + digits("0123456789", 4)
    return chance.choice([
        sign + whole, "0x" + digits("0123456789abcdefABCDEF"), "0o" + digits("01234567"), "0b" + digits("01"),
        sign + whole + exponent, f"{sign}{whole}.{digits('0123456789')}{chance.choice(['', exponent])}",
        sign + chance.choice(["inf", "nan"]), chance.choice(["true", "false"]),
    ])  # fmt: skip


def value(chance: Random) -> str:
    return chance.choice([moment, number])(chance)


@law(300)
def test_a_value_in_any_spelling_is_found_whole(seed: int) -> None:
    chance = Random(seed)
    gap, after = chance.choice(["", " ", "\t "]), chance.choice(["", " ", "# note", " # 2026-01-01 00:00:00z"])
    values = [value(chance) for _ in range(4)]
    text = "".join(f"k{at} ={gap}{spelled}{after}\n" for at, spelled in enumerate(values))
    tomllib.loads(text)
    assert [text[entry.value_start : entry.value_end] for entry in statements(text)] == values
    between = chance.choice([",", " , ", ",\n  ", ", # 1 2\n"])
    array = f"[{gap}{between.join(values)}{chance.choice(['', ' ,', ' '])}]"
    tomllib.loads(f"a = {array}")
    assert [array[span.start : span.end] for span in elements(array, 0)] == values
    table = "{" + gap + " , ".join(f"k{at} = {spelled}" for at, spelled in enumerate(values)) + " }"
    tomllib.loads(f"a = {table}")
    assert [table[entry.value_start : entry.value_end] for entry in entries(table, 0)] == values


NEXT_TO_THEM = (("b",), ("list", 1), ("t", "c", "e"))


@law(60)
def test_a_document_with_any_spelling_can_be_changed(seed: int) -> None:
    """The value itself, the one next to it, and one inside a list."""
    chance = Random(seed)
    spelled = [value(chance) for _ in range(4)]
    text = (
        f"a = {spelled[0]}\nb = 1\nlist = [{spelled[1]}, 1, {spelled[2]}] # x\n[t]\nc = {{ d = {spelled[3]}, e = 1 }}\n"
    )
    for path in (*NEXT_TO_THEM, ("a",), ("list", 0), ("t", "c", "d")):
        document = Document.from_bytes(text.encode(), lambda _: [])
        assert isinstance(document, Document)
        document.perform(Set(path, value_at(document.data, path), 7))
        content = document.to_bytes()
        assert isinstance(content, bytes), content
        assert value_at(tomllib.loads(content.decode()), path) == 7
        kept = spelled if path in NEXT_TO_THEM else []
        assert all(other in content.decode() for other in kept)
