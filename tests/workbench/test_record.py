"""The sheet of a record: editing in place, pickers, nested records, references."""

from textual.widgets import Input

from omtui.service import editing
from omtui.store.change import MISSING
from omtui.workbench.screens.record import RecordScreen
from tests.workbench.conftest import Open


async def test_a_value_is_edited_in_place(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "3", "enter", "down", "enter", "ctrl+u")
        await driven.type("Robots")
        await driven.press("enter")
        assert driven.session.value(("source_systems", 0, "name")) == "Robots"
        assert driven.session.unsaved == 1


async def test_tab_accepts_and_goes_on_to_the_next_field(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "3", "enter", "down", "enter", "ctrl+u")
        await driven.type("Robots")
        await driven.press("tab")
        await driven.press("ctrl+u")
        await driven.type("Purchased")
        await driven.press("enter")
        assert driven.session.value(("source_systems", 0, "name")) == "Robots"
        assert driven.session.value(("source_systems", 0, "type")) == "Purchased"


async def test_escape_leaves_the_old_value(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "3", "enter", "down", "enter")
        await driven.type("x")
        await driven.press("escape")
        assert driven.session.value(("source_systems", 0, "name")) == "Pick system"
        assert driven.screen == "RecordScreen"
        await driven.press("escape")
        assert driven.screen == "RecordsScreen"


async def test_a_picker_narrows_while_typing_and_takes_the_marked_choice(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "5", "enter", "enter", "ctrl+u")
        await driven.type("02")
        await driven.press("enter")
        assert driven.session.value(("connectors", 0, "target_system")) == "CSS02"


async def test_what_the_picker_does_not_hold_is_kept_as_typed(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "5", "enter", "enter", "ctrl+u")
        await driven.type("CSS09")
        await driven.press("enter")
        assert driven.session.value(("connectors", 0, "target_system")) == "CSS09"
        assert "S5-08" in driven.shown("#help")


async def test_a_fault_is_shown_while_typing_and_the_value_can_be_kept(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "3", "enter", "enter", "ctrl+u")
        await driven.type("X" * 31)
        assert "up to 30" in driven.shown("#help")
        await driven.press("enter")
        assert driven.session.value(("source_systems", 0, "code")) == "X" * 31


async def test_renaming_takes_references_along_and_undo_brings_all_back(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        before = driven.session.document.to_bytes()
        await driven.press("g", "3", "enter", "enter", "ctrl+u")
        await driven.type("WMS")
        await driven.press("enter")
        assert driven.session.value(("connectors", 0, "target_system")) == "WMS"
        assert driven.session.value(("planning_source_systems", 0, "code")) == "WMS"
        assert "2 references followed" in driven.shown("#help")
        await driven.press("ctrl+z")
        assert driven.session.document.to_bytes() == before
        await driven.press("ctrl+y")
        assert driven.session.value(("connectors", 0, "target_system")) == "WMS"


async def test_space_turns_yes_and_no_over_and_says_so(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "7", "enter")
        labels = [line.strip().split("  ")[0] for line in driven.lines()]
        await driven.press(*["down"] * labels.index("Active"), "space")
        assert driven.session.value(("routing_rules", 0, "active")) is False
        assert "Active: yes → no   ctrl+z undoes" in driven.shown("#help")
        await driven.press("ctrl+z")
        assert driven.session.unsaved == 0


async def test_enter_opens_a_yes_no_like_every_field(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "7", "enter")
        labels = [line.strip().split("  ")[0] for line in driven.lines()]
        await driven.press(*["down"] * labels.index("Active"), "enter")
        assert [line.strip() for line in driven.offers()] == ["yes", "no"]
        await driven.press("enter")
        assert driven.session.unsaved == 0
        await driven.press("up", "enter", "n", "enter")
        assert driven.session.value(("routing_rules", 0, "active")) is False


async def test_the_first_choice_is_taken_with_down_and_enter(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "4", "enter")
        labels = [line.strip().split("  ")[0] for line in driven.lines()]
        await driven.press("home", *["down"] * labels.index("Collections Allowed"), "enter", "down", "down", "enter")
        assert driven.session.value(("planning_source_systems", 0, "collections_allowed")) is False
        await driven.press("up", "enter", "down", "enter")
        assert driven.session.value(("planning_source_systems", 0, "collections_allowed")) is True


async def test_one_escape_ends_the_field_and_the_next_leaves_the_record(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "4", "4", "enter")
        fields = len(driven.lines())
        for tabs in range(fields):
            await driven.hit("home", *["tab"] * (tabs + 1), "escape")
            assert driven.screen == "RecordScreen", tabs
            await driven.hit("escape")
            assert driven.screen == "RecordsScreen", tabs
            await driven.hit("enter")
        assert driven.session.unsaved == 0


async def test_what_is_typed_in_another_case_is_stored_as_the_list_spells_it(open_workbench: Open) -> None:
    async with open_workbench("dev", size=(120, 40)) as driven:
        await driven.app.push_screen(RecordScreen(("routing_rules", 0, "when", "all", 0)))
        await driven.press("home", "enter", "ctrl+u")
        await driven.type("item")
        await driven.press("enter")
        assert driven.session.value(("routing_rules", 0, "when", "all", 0, "attribute")) == "Item"
        await driven.press("up", "enter", "ctrl+u")
        await driven.type("itme")
        assert "new: not in the list" in driven.offers()[0]
        await driven.press("enter")
        assert driven.session.value(("routing_rules", 0, "when", "all", 0, "attribute")) == "itme"


async def test_definition_and_usages(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "5", "enter", "greater_than_sign")
        assert "CSS01" in driven.shown("#path")
        assert "Trading Community" in driven.shown("#path")
        await driven.press("less_than_sign")
        assert driven.screen == "Chooser"
        assert any("connectors[Connector01].target_system" in line for line in driven.lines())


async def test_a_new_task_type_has_both_services(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "1", "n")
        await driven.type("Pick_From_Ravi")
        await driven.press("enter")
        lines = driven.lines()
        assert any("Pick_From_Ravi_Create" in line for line in lines)
        assert any("Pick_From_Ravi_Inbound" in line for line in lines)


async def test_a_condition_is_added_and_read_back(open_workbench: Open) -> None:
    async with open_workbench("dev", size=(120, 40)) as driven:
        await driven.press("g", "7", "enter", *["down"] * 5, "n", "enter")
        assert driven.screen == "RecordScreen"
        await driven.type("Customer")
        await driven.press("tab")  # its entity is filled in
        assert driven.session.value((*driven.app.screen.path, "entity")) == "Order Header"  # type: ignore[attr-defined]
        await driven.press("tab", "tab")
        await driven.type("GO")
        assert "Customer (Order Header) is equal to GO and" in driven.shown("#help"), "the sentence is live"
        await driven.type("LD")
        await driven.press("enter")
        assert "and Customer (Order Header) is equal to GOLD" in driven.shown("#help"), "the rule is read back"
        await driven.press("escape")
        tree = driven.session.value(("routing_rules", 0, "when", "all"))
        assert isinstance(tree, list)
        assert {
            "entity": "Order Header",
            "attribute": "Customer",
            "operator": "is equal to",
            "value": "GOLD",
        } in tree
        assert "Customer (Order Header) is equal to GOLD" in driven.shown("#help")


async def test_delete_clears_a_field(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "5", "enter", *["down"] * 6, "delete")
        assert "user_name" not in driven.session.data["connectors"][0]  # type: ignore[index]


async def test_what_every_profile_must_state_cannot_be_cleared(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "p", "enter", "delete")
        assert driven.session.value(("profile", "name")) == "dev"
        assert "cannot be left empty" in driven.shown("#help")


async def test_what_is_being_typed_is_not_lost_silently(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "5", "enter", "enter")
        await driven.type("Other")
        await driven.press("ctrl+q")
        assert driven.screen == "Confirm"
        await driven.press("n")
        assert driven.screen == "RecordScreen"
        await driven.type("X")
        await driven.press("enter")
        assert driven.session.value(("connectors", 0, "target_system")) == "OtherX"
        await driven.press("enter", "ctrl+q")
        assert driven.app.return_code == 0, "a field in which nothing was typed holds nothing"


async def test_the_only_choice_that_fits_is_shown_behind_what_is_typed_and_tab_takes_it(open_workbench: Open) -> None:
    async with open_workbench("dev", size=(120, 40)) as driven:
        await driven.press("g", "4", "enter", "down", "down", "enter", "ctrl+u")
        await driven.type("us ea")
        line = driven.app.screen.query_one("#entry-line", Input)
        assert line._suggestion.casefold() == "us eastern time"
        assert "new: not in the list" in driven.offers()[0]
        await driven.press("tab")
        assert driven.session.value(("planning_source_systems", 0, "time_zone")) == "US Eastern Time"
        await driven.press("escape", "up", "enter", "ctrl+u")
        await driven.type("us ea")
        await driven.press("enter")
        assert driven.session.value(("planning_source_systems", 0, "time_zone")) == "us ea", "Enter keeps what is typed"


async def test_space_in_a_yes_no_that_tab_opened_turns_it_over(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "7", "enter", "home")
        labels = [line.strip().split("  ")[0] for line in driven.lines()]
        await driven.press(*["down"] * (labels.index("Active") - 1), "tab")
        assert [line.strip() for line in driven.offers()] == ["yes", "no"]
        await driven.press("tab", "shift+tab", "space")
        assert driven.session.value(("routing_rules", 0, "active")) is False
        assert "Active: yes → no   ctrl+z undoes" in driven.shown("#help")
        assert not driven.app.screen.query("#entry-line")


async def test_another_of_its_kind_takes_what_is_typed(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "3", "n")
        await driven.type("A1")
        await driven.press("enter")
        await driven.type("First")
        await driven.press("ctrl+n")
        assert driven.screen == "Ask"
        await driven.type("A2")
        await driven.press("enter")
        codes = [record.get("code") for record in driven.session.records_at(("source_systems",))]
        assert codes == ["CSS01", "CSS02", "A1", "A2"]
        assert driven.session.value(("source_systems", 2, "name")) == "First"
        await driven.type("Second")
        await driven.press("f8")
        assert driven.session.value(("source_systems", 3, "name")) == "Second"
        assert "Planning" in driven.shown("#path")


async def test_n_adds_to_the_list_of_the_record_from_any_field(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "9", "n")
        await driven.type("Hold")
        await driven.press("enter")
        await driven.type("yes")
        await driven.press("insert")
        await driven.type("Hold")
        await driven.press("enter", "escape", "escape", "ctrl+n")
        await driven.type("Split")
        await driven.press("enter")
        assert driven.session.value(("trigger_points", 0, "active")) is True
        assert [each["value"] for each in driven.session.records_at(("trigger_points", 0, "details"))] == ["Hold"]
        assert [each["name"] for each in driven.session.records_at(("trigger_points",))] == ["Hold", "Split"]


async def test_what_a_check_asks_for_and_what_is_usual_is_offered(open_workbench: Open) -> None:
    async with open_workbench("dev", size=(120, 40)) as driven:
        session = driven.session
        assert session.edit(editing.set_value(session.indexed, ("connectors", 0, "credential"), MISSING))
        await driven.app.push_screen(RecordScreen(("connectors", 0), focus=("connectors", 0, "credential")))
        await driven.settle()
        await driven.press("enter")
        assert driven.offers() == [" connector01  proposed by S5-04"]
        await driven.press("tab")
        assert session.value(("connectors", 0, "credential")) is MISSING, "Tab takes nothing by itself"
        await driven.press("shift+tab", "down", "enter")
        assert session.value(("connectors", 0, "credential")) == "connector01"
        assert session.edit(editing.add_record(session.indexed, ("orchestration_processes",), "P"))
        await driven.app.push_screen(RecordScreen(("orchestration_processes", 0), new=True))
        await driven.settle()
        assert "Common Set" in driven.offers()[0]
