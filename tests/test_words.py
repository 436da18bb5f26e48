"""The glossary: texts that people see, names and docstrings use the words of the field."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
LEFT_BEHIND = re.compile(
    r"\b(?:tells?|told|telling|mends?|mended|anew|whatever|dear|besides?|desk|frugal|heap|stands(?! out)|stood)\b",
    re.IGNORECASE,
)
"""Words that a stranger would not search for; the glossary has the field's own in their place."""

NAMES_OF_OTHERS = {"mend", "beside"}
"""Keys of JSON that is out there: of `explain --json`, and of what an earlier version noted before it wrote."""


def texts_of(path: Path) -> Iterator[tuple[int, str]]:
    """Every text and every name in a module, with its line."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value not in NAMES_OF_OTHERS:
                yield node.lineno, node.value
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name.replace("_", " ")
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg.replace("_", " ")


def test_the_program_speaks_the_words_of_the_field() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {match.group()}: {text[:80]!r}"
        for path in sorted((ROOT / "omtui").rglob("*.py"))
        for line, text in texts_of(path)
        if (match := LEFT_BEHIND.search(text))
    ]
    assert not found, "\n".join(found)


def test_the_documents_speak_the_words_of_the_field() -> None:
    found = [
        f"{name}:{number}: {line}"
        for name in ("README.md", "CHANGELOG.md")
        for number, line in enumerate((ROOT / name).read_text().splitlines(), 1)
        if LEFT_BEHIND.search(line)
    ]
    assert not found, "\n".join(found)
