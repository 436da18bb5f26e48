"""`T` on the flow asks for a file and an order, and shows its line on its way."""

import csv
import shutil
from pathlib import Path

import pytest

from omtui.workbench.screens.dialogs import Ask, Chooser, TextWindow
from tests.commands.test_route import HEADINGS, LINES
from tests.workbench.conftest import Driven, Open

SAMPLES = Path(__file__).parents[2] / "profiles"


@pytest.fixture
def orders(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(library)
    shutil.copytree(SAMPLES, library)
    with (tmp_path / "orders.csv").open("w", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *LINES])
    monkeypatch.chdir(tmp_path)


async def ask(driven: Driven, order: str) -> None:
    await driven.press("T")
    await driven.until(lambda: isinstance(driven.app.screen, Chooser))
    await driven.type("orders.csv")
    await driven.press("enter")
    await driven.until(lambda: isinstance(driven.app.screen, Ask))
    await driven.type(order)
    await driven.press("enter")


def shown(driven: Driven) -> str:
    return str(driven.app.screen.query_one("#text").visual)  # type: ignore[attr-defined]


@pytest.mark.parametrize("columns", [80, 160])
async def test_the_line_of_an_order(open_workbench: Open, orders: None, columns: int) -> None:
    async with open_workbench("vision-dev", size=(columns, 40)) as driven:
        await driven.press("g", "f")
        await ask(driven, "1002")
        await driven.until(lambda: isinstance(driven.app.screen, TextWindow) and driven.app.screen.query("#text"))
        await driven.settle()
        assert shown(driven).startswith("Order 1002, line 1")
        assert "3 gaps: step 400, step 700, step 1200." in shown(driven)
        await driven.press("escape")
        assert driven.screen == "FlowScreen"
        assert "orders.csv" not in driven.shown("#help")


async def test_of_several_lines_one_is_chosen(open_workbench: Open, orders: None) -> None:
    async with open_workbench("vision-dev") as driven:
        await driven.press("g", "f")
        await ask(driven, "1001")
        await driven.until(lambda: isinstance(driven.app.screen, Chooser))
        await driven.press("down", "enter")
        await driven.until(lambda: isinstance(driven.app.screen, TextWindow) and driven.app.screen.query("#text"))
        assert shown(driven).startswith("Order 1001, line 2 of 2")


async def test_what_is_wrong_is_said(open_workbench: Open, orders: None) -> None:
    async with open_workbench("vision-dev") as driven:
        await driven.press("g", "f")
        await ask(driven, "9")
        await driven.until(lambda: "there is no order 9" in driven.shown("#help"))
        await driven.press("T")
        await driven.until(lambda: isinstance(driven.app.screen, Chooser))
        await driven.press("escape")
        assert driven.screen == "FlowScreen"


async def test_from_a_line_of_a_rehearsal(open_workbench: Open, orders: None) -> None:
    async with open_workbench("vision-dev", size=(120, 40)) as driven:
        await driven.press("R")
        await driven.until(lambda: isinstance(driven.app.screen, Chooser))
        await driven.type("orders.csv")
        await driven.press("enter")
        await driven.until(lambda: any("unrouted" in line for line in driven.lines()))
        await driven.press("enter")
        await driven.until(lambda: driven.screen == "RehearsalLinesScreen" and len(driven.lines()) == 2)
        await driven.press("T")
        await driven.until(lambda: isinstance(driven.app.screen, TextWindow) and driven.app.screen.query("#text"))
        assert shown(driven).startswith("Order 1001, line 2 of 2")
        await driven.press("escape", "escape", "escape", "g", "f", "T")
        await driven.until(lambda: isinstance(driven.app.screen, Ask))


async def test_the_picture_of_the_flow_leaves_room_for_the_pane(open_workbench: Open, orders: None) -> None:
    async with open_workbench("vision-dev", size=(160, 40)) as driven:
        await driven.press("g", "f")
        picture = driven.app.screen.query_one("#picture")

        def fits() -> bool:
            widths = [len(line) for line in driven.shown("#picture").splitlines()]
            return max(widths) <= picture.size.width < 80

        await driven.until(fits)
