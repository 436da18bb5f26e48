"""A finding's fix is one undoable change; a rule is edited in one line."""

from pathlib import Path

from omtui.workbench.screens.findings import FindingsScreen
from tests.workbench.conftest import PROFILE, Driven, Open

RULE = "Route Invoice Request 01"


def checks(driven: Driven) -> list[str]:
    screen = driven.app.screen
    assert isinstance(screen, FindingsScreen)
    return [each.finding.check for each in screen._shown]


async def go_to(driven: Driven, check: str) -> None:
    await driven.press("home", *["down"] * checks(driven).index(check))


async def test_f_fixes_and_says_what_it_did_and_asks_before_it_publishes(library: Path, open_workbench: Open) -> None:
    spoilt = PROFILE.replace('attribute = "Item"', 'attribute = "item"').replace(
        "published = true", "published = false"
    )
    (library / "dev.toml").write_text(spoilt)
    async with open_workbench("dev", size=(120, 40)) as driven:
        await driven.press("exclamation_mark")
        await go_to(driven, "S7-16")
        await driven.press("f")
        assert "S7-16" not in checks(driven)
        assert "Fix S7-16" in driven.shown("#help")
        fixed = driven.session.document.text()
        assert 'attribute = "Item"' in fixed
        await go_to(driven, "S7-05")
        await driven.press("f")
        assert driven.screen == "Confirm"
        await driven.press("n")
        assert driven.session.document.text() == fixed
        await driven.press("ctrl+z")
        assert driven.session.document.text() == spoilt


async def test_i_edits_the_whole_rule_in_one_line(open_workbench: Open) -> None:
    async with open_workbench("dev", size=(80, 24)) as driven:
        await driven.press("g", "7", "i")
        assert driven.screen == "RuleLine"
        await driven.type(" or")
        await driven.press("enter")
        assert driven.screen == "RuleLine", "a fault keeps the line open"
        assert "this has no place here" in driven.shown("#answer")
        await driven.press("backspace", "backspace", "backspace")
        await driven.type(" else Conn")
        await driven.press("tab", "enter")
        rule = driven.session.value(("routing_rules", 0))
        assert isinstance(rule, dict)
        assert rule["otherwise"] == [{"action": "Set Connector Name", "value": "Connector01"}]
        assert 'value = "CM5008" },\n' in driven.session.document.text(), "what did not change keeps its layout"
        await driven.press("ctrl+z")
        assert driven.session.document.text() == PROFILE


async def test_a_rule_beyond_the_line_opens_as_a_tree_and_says_so(library: Path, open_workbench: Open) -> None:
    (library / "dev.toml").write_text(
        PROFILE.replace('operator = "is equal to", value = "CM5008"', 'operator = "is like"')
    )
    async with open_workbench("dev", size=(120, 40)) as driven:
        await driven.press("g", "7", "i")
        assert driven.screen == "RecordScreen"
        assert "cannot be written in one line: is like is no operator" in driven.shown("#help")
