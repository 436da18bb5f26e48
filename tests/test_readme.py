"""What the README says must be so."""

import re
import shlex
from pathlib import Path

import pytest

from omtui.cli import run
from omtui.commands.arguments import ParsedArguments, parse
from omtui.commands.options import COMMON
from omtui.commands.registry import COMMANDS, split
from omtui.workbench.keymap import key_sheet

ROOT = Path(__file__).parents[1]
TOPICS = sorted((ROOT / "omtui" / "help").glob("*.md"))
README = "\n".join(file.read_text() for file in (ROOT / "README.md", *TOPICS))


def test_the_key_sheet_is_that_of_the_registry() -> None:
    found = re.search(r"<!-- keys -->\n(.*?)\n<!-- /keys -->", README, re.DOTALL)
    assert found
    assert found[1] == key_sheet(), "put what omtui.workbench.keymap.key_sheet() gives between the marks"


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_command_that_it_names_exists() -> None:
    names = {command.name.partition(" ")[0] for command in COMMANDS}
    for name in re.findall(r"(?:`|^)omtui ([a-z]+)", README, re.MULTILINE):
        assert name in names, name


def test_every_command_line_that_it_shows_can_be_typed() -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    shown = [line for block in blocks for line in block.splitlines() if re.search(r"(^|\| )omtui ", line)]
    assert len(shown) >= 10
    for line in shown:
        words = shlex.split(re.sub(r"^.*\| omtui |^omtui ", "", line), comments=True)
        end = next((number for number, word in enumerate(words) if word in (">", "||", "&&")), len(words))
        command, rest, unknown = split(words[:end])
        assert command is not None, unknown
        given = parse(command, rest, COMMON)
        assert isinstance(given, ParsedArguments), (line, given)


def test_the_impact_that_it_shows_is_what_the_command_says(capsys: pytest.CaptureFixture[str]) -> None:
    block = re.search(r"<!-- impact -->\n```\n(.*?)```", README, re.DOTALL)
    assert block
    names = ("vision-dev", "vision-test", "vision-prod", "source-text")
    run(["--library", str(ROOT / "profiles"), "impact", *names, "--from", "25D", "--to", "26D"])
    said = capsys.readouterr().out
    for line in block[1].splitlines():
        assert line in said
