"""The walk-through in its three forms, of a difference, of a tag, and after a refresh."""

import csv
import io
import re
from datetime import date
from html.parser import HTMLParser

import pytest

from omtui.documents import markdown, page
from omtui.documents.model import ReportDocument
from omtui.documents.progress import Progress, states, tick, to_enter
from omtui.documents.refresh import after_refresh, brought, overwritten, refresh_runbook
from omtui.documents.runbook_document import runbook_document, runbook_table
from omtui.documents.spreadsheet import tables_csv
from omtui.documents.walk import Runbook, item_for, runbook
from omtui.setup.catalogue import BY_STEP
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data
from tests.checks.profiles import REMOVED, Edits, sound

HOSTILE = "\x1b[2J<script>alert(1)</script><b onmouseover=x>\"'&|`=1+1\u202e\n=2+2"


def setup(*edits: Edits) -> Indexed:
    return Indexed(sound(*edits))


def titles(found: Runbook) -> list[tuple[str, str]]:
    return [(item.action, item.title) for item in found.items if item.action != "check"]


def to_html(found: Runbook) -> str:
    return page.to_html(runbook_document(found))


def to_markdown(found: Runbook) -> str:
    return markdown.to_markdown(runbook_document(found))


def lines(found: Runbook, place: str) -> list[tuple[str, str | None]]:
    item = next(item for item in found.items if item.place == place and item.action != "check")
    return [(line.text, line.value) for line in item.lines]


class Seen(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.codes: list[str] = []
        self.text = ""
        self._in_code = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "code":
            self._in_code = True
            self.codes.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "code":
            self._in_code = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_code:
            self.codes[-1] += data


def test_values_are_there_to_be_pasted() -> None:
    found = runbook(setup())
    assert lines(found, "connectors[Requests]") == [
        ("Connector Name", "Requests"),
        ("Target System", "PICK"),
        ("Connector URL", "https://pick-test.partner.example/requests"),
        ("User Name", "vision"),
        ("Password", None),
        ("Keystore Recipient Alias", "pick"),
        ("Invocation Mode", "Asynchronous Service"),
        ("Response Processing Option", "Reject all lines on first error"),
    ] or {text for text, _ in lines(found, "connectors[Requests]")} >= {"Connector Name", "Password"}
    assert "requests" not in [value for _, value in lines(found, "connectors[Requests]")], "never the credential's name"


def test_what_is_named_comes_first() -> None:
    order = [title for _, title in titles(runbook(setup()))]
    for first, second in (
        ("Role VISION_RESPONSES", "Integration user WMS"),
        ("Source system PICK", "Planning source system PICK"),
        ("Certificate pick", "Connector Requests"),
        ("Connector Requests", "Task type Pick"),
        ("Task type Pick", "Orchestration process Vision_Pick"),
        ("Status rule set Vision line statuses", "Orchestration process Vision_Pick"),
        ("Orchestration process Vision_Pick", "Routing rule Picks"),
    ):
        assert order.index(first) < order.index(second)


def test_what_serves_a_step_is_done_before_it() -> None:
    found = runbook(setup({"related_setup[Planning switched off].step": "9"}))
    section = next(section for section in found.sections if section.step == "9")
    assert section.items[0].title == "Related set-up Planning switched off"


def test_oracles_own_records_are_not_entered() -> None:
    found = runbook(setup({"connectors[Events].predefined": True, "task_types[Pick].predefined": True}))
    assert {"Connector Events", "Task type Pick"}.isdisjoint(title for _, title in titles(found))


def test_a_rule_as_it_is_clicked_together() -> None:
    item = {"entity": "Order Fulfill Line", "attribute": "Item", "operator": "is in", "value": ["A", "B"]}
    empty = {"entity": "Order Header", "attribute": "Customer", "operator": "is empty"}
    found = runbook(
        setup(
            {
                "routing_rules[Picks].when": {"all": [item, {"any": [empty, {"not": item}]}]},
                "routing_rules[Picks].otherwise": [
                    {"when": empty, "then": [{"action": "Override Operation", "value": "x"}]},
                    {"action": "Set Acknowledgement Timeout", "value": 10, "unit": "Minutes"},
                ],
            }
        )
    )
    shown = [text.strip() for text, _ in lines(found, "routing_rules[Picks]")]
    for group in (
        ["Click AND", "Open a group", "Condition: enter the attribute", "Operator", "Click OR"],
        ["Choose NOT for what follows", "Condition: enter the attribute"],
        ["Add ELSE IF", "ELSE IF: enter the text"],
        ["Add ELSE", "New Action: select Perform an Action", "Action", "Value of Set Acknowledgement Timeout", "Unit"],
    ):
        assert any(shown[at : at + len(group)] == group for at in range(len(shown))), (group, shown)


def test_only_the_difference() -> None:
    since = setup()
    now = setup(
        {
            "connectors[Requests].url": "https://new.example/requests",
            "connectors[Requests].credential": "other",
            "source_systems[+]": {"code": "NEW", "name": "New"},
            "jeopardy.thresholds[PICK_LATE]": REMOVED,
            "orchestration_processes[Vision_Pick].steps[100].name": "Pick now",
            "orchestration_processes[Vision_Pick].deployed": False,
            "routing_rules[Picks].note": "only a note",
        }
    )
    found = runbook(now, since=since)
    assert titles(found) == [
        ("enter", "Source system NEW"),
        ("change", "Connector Requests"),
        ("change", "Orchestration process Vision_Pick"),
        ("remove", "Jeopardy threshold PICK_LATE"),
    ]
    assert lines(found, "connectors[Requests]") == [
        ("Connector URL", "https://new.example/requests"),
        ("Password", None),
    ]
    assert lines(found, "orchestration_processes[Vision_Pick]") == [("Steps 100 > Step Name", "Pick now")]
    checks = [item.title for item in found.items if item.action == "check"]
    assert "Vision_Pick: Actions > Deploy" in checks
    assert not any("Picks" in title and "active" in title for title in checks) or "Picks: the rule is active" in checks
    assert "only what differs from sound" in found.scope
    assert runbook(since, since=setup()).sections == ()
    assert "There is nothing to do." in to_markdown(runbook(since, since=setup()))


def test_changed_rules_are_published_again() -> None:
    def deployed(*edits: Edits) -> list[str]:
        found = runbook(setup(*edits), since=setup())
        return [item.title for section in found.sections if section.step == "deploy" for item in section.items]

    publish = "Publish the routing rules: click Publish on their page"
    assert publish in deployed({"routing_rules[Picks].then_text": "other"})
    assert publish not in deployed({"connectors[Events].url": "https://new.example"})


def test_a_frozen_name_is_deleted_and_created() -> None:
    now = setup({"connectors[Requests].name": "New", "routing_rules[Picks].then[0].value": "New"})
    found = runbook(now, since=setup())
    assert titles(found) == [("replace", "Connector New")]
    assert lines(found, "connectors[New]")[0] == ("Create it under the new name, then delete Requests", "New")
    assert len(lines(found, "connectors[New]")) > 3


def test_by_tag() -> None:
    found = runbook(
        setup({"connectors[Events].tags": ["3PL"], "source_systems[SHOP].tags": ["3PL", "x"]}), tags=("3PL",)
    )
    assert titles(found) == [("enter", "Source system SHOP"), ("enter", "Connector Events")]
    assert "tagged 3PL" in found.scope


def test_what_was_ticked_is_shown() -> None:
    at = setup()
    progress = tick(Progress(), at, "connectors[Requests]", by="A. Admin", on=date(2026, 11, 23), note="as agreed")
    assert isinstance(progress, Progress)
    text = to_markdown(runbook(at, progress=progress))
    assert "### [x] Connector Requests" in text
    assert "Entered by A. Admin on 2026-11-23: as agreed" in text
    changed = to_markdown(runbook(setup({"connectors[Requests].url": "https://x.example"}), progress=progress))
    assert "### [ ] Connector Requests\n\n**Changed since it was entered.**" in changed
    assert "Entered by A. Admin" not in changed
    assert 'type="checkbox" checked' in to_html(runbook(at, progress=progress))
    assert "checked" not in re.sub(r"<style>.*?</script>", "", to_html(runbook(at)), flags=re.DOTALL).replace(
        "not checked", ""
    ).replace("checked:", "").replace("are both checked", "")


def test_one_record_at_a_time() -> None:
    at = setup()
    item = item_for(at, ("connectors", 0))
    assert item is not None
    assert (item.place, item.state) == ("connectors[Requests]", "open")
    assert item_for(at, ("connectors", 99)) is None


@pytest.fixture(scope="module")
def hostile() -> Runbook:
    data: Data = sound(
        {
            "connectors[Requests].url": HOSTILE,
            "connectors[Requests].note": HOSTILE,
            "routing_rules[Picks].if_text": HOSTILE,
            "profile.title": HOSTILE,
            "source_systems[PICK].name": "=cmd|' /C calc'!A0",
            "task_types[Pick].tasks[PICK_CARTON].name": HOSTILE,
        }
    )
    return runbook(Indexed(data))


def test_foreign_text_in_html(hostile: Runbook) -> None:
    text = to_html(hostile)
    seen = Seen(text)
    assert [tag for tag, _ in seen.tags].count("script") == 1, "our own"
    assert not any(name.startswith("on") for _, attrs in seen.tags for name in attrs)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert any("<script>alert(1)</script>" in value for value in seen.codes), "it is shown, and copied, as text"


def test_foreign_text_in_markdown_and_csv(hostile: Runbook) -> None:
    text = to_markdown(hostile)
    outside_code = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert "<script" not in outside_code.replace("\\<", "")
    assert "\x1b" not in text
    cells = [cell for row in csv.reader(io.StringIO(tables_csv(runbook_table(hostile)))) for cell in row]
    assert not any(cell.startswith(("=", "+", "@", "\t")) for cell in cells)
    assert "'=cmd|' /C calc'!A0" in cells


def test_the_page_loads_nothing_and_runs_only_its_own_script() -> None:
    text = to_html(runbook(setup()))
    seen = Seen(text)
    assert not {"img", "link", "iframe", "object", "embed", "base", "form"} & {tag for tag, _ in seen.tags}
    policy = next(attrs["content"] for tag, attrs in seen.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    import base64
    import hashlib

    script = text[text.index("<script>") + 8 : text.index("</script>")]
    assert f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" in policy
    assert not re.search(r"""(?:src|href)=["']?(?:https?:|//)""", text)
    assert "script-src" not in page.to_html(ReportDocument("x", ()))


def test_each_value_has_a_button() -> None:
    found = runbook(setup())
    seen = Seen(to_html(found))
    values = [
        line.value
        for item in found.items
        for part in (item, *item.parts)
        for line in part.lines
        if line.value is not None
    ]
    buttons = [attrs for tag, attrs in seen.tags if tag == "button"]
    assert len(buttons) == len(seen.codes) >= len(values)
    assert set(values) <= set(seen.codes)


def test_the_page_is_well_formed() -> None:
    from xml.dom.minidom import parseString

    text = to_html(runbook(setup()))
    body = text[text.index("<body>") : text.index("<script>")] + "</body>"
    parseString(
        body.replace("&nbsp;", "&#160;")
        .replace('<input type="checkbox">', "<input/>")
        .replace("<br>", "<br/>")
        .replace("data-copy", 'data-copy=""')
    )


def test_rows_for_spreadsheets() -> None:
    ((_, table),) = runbook_table(runbook(setup())).tables
    assert {len(row) for row in (table.columns, *table.rows)} == {11}
    values = {(row[4], row[5]) for row in table.rows}
    assert ("Connector URL", "https://pick-test.partner.example/requests") in values


# After a refresh


def places(at: Indexed, source: Indexed | None = None) -> list[str]:
    return [str(at.place(path)) for path in overwritten(at, source)]


def test_harmful_ones_come_first() -> None:
    at = setup()
    assert places(at) == [
        "connectors[Requests]",
        "connectors[Events]",
        "trigger_points[Order Header Status Update]",
        "integration_users[WMS]",
        "integration_users[SETUP]",
        "certificates[pick]",
        "topology.applications[FSCMServices]",
        "topology.applications[FASOA]",
    ]
    found = refresh_runbook(at)
    assert [section.step for section in found.sections] == ["harm", "own"]
    assert found.sections[0].items[0].harm.startswith("Orders of this pod reach production's system")


def test_with_the_profile_it_was_copied_from() -> None:
    at = setup({"roles[VISION_RESPONSES].name": "own"})
    source = setup({"connectors[Requests].url": "https://pick.partner.example/requests", "connectors[Events]": REMOVED})
    assert "roles[VISION_RESPONSES]" in places(at, source)
    items = {item.place: item.harm for item in refresh_runbook(at, None, source).items}
    assert items["connectors[Requests]"] == (
        "Orders of this pod reach https://pick.partner.example/requests until the URL is entered again"
    )
    assert items["connectors[Events]"] == "The refresh removed it: production has no such connector"


def test_a_refresh_takes_ticks_away() -> None:
    at = setup()
    progress = Progress()
    for place in ("connectors[Requests]", "5", "roles[VISION_RESPONSES]", "task_types[Pick]"):
        found = tick(progress, at, place, by="A", on=date(2026, 1, 1))
        assert isinstance(found, Progress)
        progress = found
    left = after_refresh(progress, at)
    assert [each.place for each in left.ticks] == ["roles[VISION_RESPONSES]", "task_types[Pick]"]
    again = tick(left, at, "connectors[Requests]", by="A", on=date(2026, 12, 1))
    assert isinstance(again, Progress)
    assert "connectors[Requests]" not in [item.place for item in refresh_runbook(at, again).items]


def test_a_step_that_was_ticked_as_a_whole_keeps_what_was_not_overwritten() -> None:
    at = setup()
    source = setup({"routing_rules[Picks].active": False, "connectors[Events]": REMOVED})
    progress = Progress()
    for step in BY_STEP:
        found = tick(progress, at, step, by="A", on=date(2026, 1, 1))
        assert isinstance(found, Progress)
        progress = found
    gone = {str(at.place(path)) for path in overwritten(at, source)}
    left = states(at, after_refresh(progress, at, source))
    assert gone
    for path, state in left.items():
        assert (state == "open") == (str(at.place(path)) in gone), at.place(path)


@pytest.mark.parametrize("whole", [True, False])
def test_the_list_after_a_refresh_can_be_finished(whole: bool) -> None:
    """Also what it brought and is to be removed; afterwards everything counts as entered that was before."""
    at = setup({"pod.refreshed_on": date(2026, 10, 2), "pod.refreshed_from": "prod"})
    source = setup(
        {"connectors[Requests].name": "Old name", "roles[VISION_RESPONSES].code": "ONLY_PROD"},
        {"routing_rules[Picks].then[0].value": "Old name"},
    )
    progress = Progress()
    for place in BY_STEP if whole else [str(at.place(path)) for _, path, _ in to_enter(at)]:
        found = tick(progress, at, place, by="A", on=date(2026, 1, 1))
        assert isinstance(found, Progress)
        progress = found
    progress = after_refresh(progress, at, source)
    first = refresh_runbook(at, progress, source)
    assert "remove" in {item.action for item in first.items}
    for item in first.items:
        found = tick(progress, at, item.place, by="A", on=date(2026, 10, 3), gone=brought(at, source))
        assert isinstance(found, Progress), item.place
        progress = found
    assert refresh_runbook(at, progress, source).items == []


def test_a_connector_that_was_renamed_here_since_does_harm_under_its_old_name() -> None:
    source = setup(
        {"connectors[Requests].url": "https://p.example/x", "routing_rules[Picks].then[0].value": "Old"},
        {"connectors[Requests].name": "Old"},
    )
    harm = {item.place: item.harm for item in refresh_runbook(setup(), None, source).sections[0].items}
    assert "https://p.example/x" in harm["connectors[Old]"]
