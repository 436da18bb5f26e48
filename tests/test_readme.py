"""What the README says must be so."""

import re
from pathlib import Path

from omtui.commands.registry import COMMANDS
from omtui.workbench.actions import key_sheet

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_the_key_sheet_is_that_of_the_registry() -> None:
    found = re.search(r"<!-- keys -->\n(.*?)\n<!-- /keys -->", README, re.DOTALL)
    assert found
    assert found[1] == key_sheet(), "put what omtui.workbench.actions.key_sheet() gives between the marks"


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_command_that_it_names_exists() -> None:
    names = {command.name.partition(" ")[0] for command in COMMANDS}
    for name in re.findall(r"(?:`|^)omtui ([a-z]+)", README, re.MULTILINE):
        assert name in names, name
