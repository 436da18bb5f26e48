"""Orders in hand while rules are edited: what an edit changes is said at once, and nothing is left at the end."""

from pathlib import Path

from omtui.service import editing
from omtui.workbench.screens.record import RecordScreen
from tests.service.test_rehearsing import children
from tests.workbench.conftest import Driven, Open

ORDERS = "Order,Task Type,Item\n1,Invoice,CM5008\n2,Invoice,CM5009\n3,Invoice,CM5008\n"
WHEN = ("routing_rules", 0, "when", "all", 0, "value")


async def in_hand(driven: Driven, folder: Path) -> None:
    (folder / "orders.csv").write_text(ORDERS)
    driven.app.take_orders(folder / "orders.csv")
    driven.app.push_screen(RecordScreen(("routing_rules", 0)))
    await driven.settle()
    await driven.until(lambda: "takes 2 of 3 requests of orders.csv" in driven.shown("#help"))


async def test_what_an_edit_changes_is_said_while_a_field_is_open(open_workbench: Open, tmp_path: Path) -> None:
    async with open_workbench("dev") as driven:
        await in_hand(driven, tmp_path)
        session = driven.app.session
        assert session is not None
        await driven.press("enter")
        await driven.until(lambda: driven.app.front is not None and bool(driven.app.front.editing_keys()))
        session.edit(editing.set_value(session.indexed, WHEN, "CM5009"))
        driven.app.rehearse_soon()
        await driven.until(lambda: "takes 1 request; your edit: 3 requests of 3 lines" in driven.shown("#help"))
        assert driven.app.front is not None
        assert driven.app.front.editing_keys()


async def test_orders_that_are_put_away_and_a_workbench_that_ends_leave_no_process(
    open_workbench: Open, tmp_path: Path
) -> None:
    async with open_workbench("dev") as driven:
        await in_hand(driven, tmp_path)
        assert len(children()) == 1
        driven.app.take_orders(None)
        await driven.until(lambda: not children())
        driven.app.take_orders(tmp_path / "orders.csv")
        driven.app.rehearse_soon()
        await driven.until(lambda: bool(driven.app.orders and driven.app.orders.counts))
        assert len(children()) == 1
    assert not children()


async def test_no_value_of_an_order_is_written_anywhere(open_workbench: Open, tmp_path: Path) -> None:
    async with open_workbench("dev") as driven:
        (tmp_path / "orders.csv").write_text(ORDERS.replace("\n2,", "\nQ77-SECRET,"))
        driven.app.take_orders(tmp_path / "orders.csv")
        driven.app.rehearse_soon()
        await driven.until(lambda: bool(driven.app.orders and driven.app.orders.counts))
    written = [each for each in tmp_path.rglob("*") if each.is_file() and each.name != "orders.csv"]
    assert written
    assert not [each for each in written if b"Q77-SECRET" in each.read_bytes()]
