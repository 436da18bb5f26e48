"""promote: the plan shown, written, carried out exactly or refused; the mapping proposed; conflicts decided."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from omtui.compare.map_file import read
from omtui.compare.mapping import EnvironmentMap
from tests.commands.conftest import Command

DEV_TO_TEST = ("promote", "vision-dev", "vision-test")
LABELS = "connectors[LabelConnector]"
PICK = "connectors[Connector01].description"


def text_of(library: Path, name: str = "vision-test") -> str:
    return (library / f"{name}.toml").read_text()


@pytest.fixture
def no_map(samples: Path) -> Path:
    """The samples, and nobody has mapped anything yet."""
    for path in samples.glob("*.map.toml"):
        path.unlink()
    return samples


class TestPlan:
    def test_it_is_shown_and_nothing_is_written(self, omtui: Command, samples: Path) -> None:
        before = text_of(samples)
        answer = omtui(*DEV_TO_TEST)
        first, *rest = answer.out.splitlines()
        assert first == "vision-dev → vision-test: 4 added, 1 changed; 7 steps by hand"
        assert "+ task_types[Print_Labels]" in answer.out
        assert "By hand in vision-test, in this order" in rest
        assert any("create connector LabelConnector" in line for line in rest)
        assert answer.code == 0
        assert text_of(samples) == before

    def test_json_has_the_keys_of_the_contract(self, omtui: Command, samples: Path) -> None:
        found = omtui(*DEV_TO_TEST, "--json").document
        assert set(found) >= {"source", "target", "plan", "changes", "findings", "blocked"}
        assert set(found["plan"]) == {"add", "change", "replace", "remove", "manual"}
        assert LABELS in found["plan"]["add"]
        assert (found["source"], found["target"], found["blocked"]) == ("vision-dev", "vision-test", False)

    def test_only_some_records_with_what_they_refer_to(self, omtui: Command, samples: Path) -> None:
        found = omtui(*DEV_TO_TEST, "--only", "routing_rules[Route labels]", "--json").document
        assert set(found["plan"]["add"]) == {"routing_rules[Route labels]", LABELS, "task_types[Print_Labels]"}
        fewer = omtui(*DEV_TO_TEST, "--without", LABELS, "--json").document
        assert LABELS not in fewer["plan"]["add"]

    def test_an_earlier_state_can_be_the_source(self, omtui: Command, samples: Path) -> None:
        omtui("set", "vision-dev", PICK, "before")
        moment = omtui("log", "vision-dev", "--json").document["entries"][0]["at"]
        omtui("set", "vision-dev", PICK, "after")
        found = omtui("promote", f"vision-dev@{moment}", "vision-test", "--json").document
        assert {"before"} == {each["new"] for each in found["changes"] if each["where"] == PICK}

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (("promote", "vision-dev", "vision-dev"), "cannot be promoted to itself"),
            (("promote", "vision-dev", "vision-tset"), "did you mean vision-test?"),
            (("promote", "vision-dve", "vision-test"), "did you mean vision-dev?"),
            ((*DEV_TO_TEST, "--only", "connectors[Nosuch]"), "names nothing"),
            ((*DEV_TO_TEST, "--remove", "connectors[Connector01]"), "no record that only the target has"),
            ((*DEV_TO_TEST, "--take-source", PICK), "no place that both sides changed"),
            ((*DEV_TO_TEST, "--propose", "--apply"), "--apply has no part in it"),
            ((*DEV_TO_TEST, "--plan", "p", "--apply", "--only", "x"), "--only would change it"),
            ((*DEV_TO_TEST, "--plan", "p", "--apply", "--orders", "x"), "for a plan that is made now"),
            ((*DEV_TO_TEST, "--propose", "--orders", "x"), "--orders has no part in it"),
            ((*DEV_TO_TEST, "--orders", "nosuch.csv"), "nosuch.csv cannot be read"),
            ((*DEV_TO_TEST, "--plan", "nosuch.json", "--apply"), "there is no file"),
            ((*DEV_TO_TEST, "--plan", "profiles/vision-dev.toml", "--apply"), "no plan"),
            ((*DEV_TO_TEST, "--map", "profiles/vision-prod.map.toml"), "maps vision-test to vision-prod"),
            ((*DEV_TO_TEST, "--map", "profiles/vision-dev.toml"), "vision-dev.toml"),
            ((*DEV_TO_TEST, "--map", "profiles"), "is no file"),
        ],
    )
    def test_what_makes_no_sense(self, omtui: Command, samples: Path, words: tuple[str, ...], message: str) -> None:
        answer = omtui(*words)
        assert answer.code == 2
        assert message in answer.err


class TestOrders:
    """Which orders of the target change connector by the plan."""

    @pytest.fixture
    def orders(self, tmp_path: Path) -> Path:
        path = tmp_path / "orders.csv"
        path.write_text("Order,Line,Task Type\n1001,1,Print_Labels\n1001,2,Pick_From_Ravi\n1002,1,Print_Labels\n")
        return path

    def test_they_are_counted_in_the_plan_and_for_the_ticket(
        self, omtui: Command, samples: Path, orders: Path, tmp_path: Path
    ) -> None:
        before = text_of(samples)
        answer = omtui(*DEV_TO_TEST, "--orders", str(orders), "-o", str(tmp_path / "ticket.md"))
        assert "2 requests of 2 lines change connector (of 3 of 3)." in answer.out
        assert "Print_Labels (unrouted) LabelConnector 2 order 1001, line 1" in " ".join(answer.out.split())
        ticket = (tmp_path / "ticket.md").read_text()
        assert "2 requests of 2 lines change connector" in ticket
        assert "| LabelConnector | 2 | order 1001, line 1 |" in ticket
        assert text_of(samples) == before

    def test_json_has_the_keys_of_route_against(self, omtui: Command, samples: Path, orders: Path) -> None:
        found = omtui(*DEV_TO_TEST, "--orders", str(orders), "--json").document["orders"]
        assert (found["changed"], found["of"]) == (2, 3)
        assert found["changes"] == [
            {
                "task_type": "Print_Labels",
                "from": "(unrouted)",
                "to": "LabelConnector",
                "count": 2,
                "example": "order 1001, line 1",
            }
        ]

    def test_after_the_plan_is_carried_out_none_changes(self, omtui: Command, samples: Path, orders: Path) -> None:
        assert omtui(*DEV_TO_TEST, "--apply", "--orders", str(orders)).code == 0
        answer = omtui(*DEV_TO_TEST, "--orders", str(orders))
        assert "0 requests of 0 lines change connector (of 3 of 3)." in answer.out


class TestMapping:
    def test_without_one_the_blockers_say_what_to_fill_in(self, omtui: Command, no_map: Path) -> None:
        answer = omtui(*DEV_TO_TEST)
        assert answer.code == 3
        assert "; blocked by " in answer.out.splitlines()[0]
        assert 'add to the mapping: [[map]] kind = "host", from = "soa-dev.pick.example", to = "…"' in answer.out
        assert "--propose writes what is known to vision-test.map.toml" in answer.err
        assert omtui(*DEV_TO_TEST, "--apply").code == 3
        assert "soa-dev" not in text_of(no_map)

    def test_it_is_proposed_from_what_both_say(self, omtui: Command, no_map: Path) -> None:
        answer = omtui(*DEV_TO_TEST, "--propose")
        assert answer.code == 0
        assert "host       soa-dev.pick.example → soa-test.pick.example" in answer.out
        assert "1 to be filled in" in answer.err
        file = no_map / "vision-test.map.toml"
        mapping = read(file.read_text())
        assert isinstance(mapping, EnvironmentMap)
        assert [entry.source for entry in mapping.entries if not entry.target] == ["old-dev.pick.example"]
        assert omtui(*DEV_TO_TEST).code == 3, "one is still open"
        file.write_text(file.read_text().replace('to = ""', 'to = "old-test.pick.example"'))
        assert omtui(*DEV_TO_TEST).code == 0
        before = file.read_text()
        assert "needed by" in before
        assert "nothing to add" in omtui(*DEV_TO_TEST, "--propose").err
        assert "needed by" not in file.read_text(), "nothing is open any more"
        assert read(file.read_text()) == replace_notes(before)

    def test_another_pair_has_a_file_of_its_own(self, omtui: Command, samples: Path) -> None:
        before = (samples / "vision-prod.map.toml").read_bytes()
        assert omtui("promote", "vision-dev", "vision-prod", "--propose", "--unlock", "vision-prod").code == 0
        assert (samples / "vision-prod.map.toml").read_bytes() == before
        found = omtui("promote", "vision-dev", "vision-prod", "--json").document
        assert found["blocked"], "what the target does not say is to be filled in"
        assert not any("soa-dev" in finding["message"] for finding in found["findings"]), "it was found"
        names = [each["name"] for each in omtui("list", "--json").document["profiles"]]
        assert names == ["source-text", "vision-dev", "vision-prod", "vision-test"]

    def test_one_that_is_named(self, omtui: Command, samples: Path, tmp_path: Path) -> None:
        (samples / "vision-test.map.toml").rename(tmp_path / "elsewhere.map.toml")
        assert omtui(*DEV_TO_TEST).code == 3
        assert omtui(*DEV_TO_TEST, "--map", "elsewhere.map.toml").code == 0

    def test_one_that_cannot_be_read(self, omtui: Command, samples: Path) -> None:
        (samples / "vision-test.map.toml").write_text("schema = 1\nsource = 5\n")
        answer = omtui(*DEV_TO_TEST)
        assert answer.code == 2
        assert "vision-test.map.toml: " in answer.err


class TestApplying:
    def test_it_is_one_change_with_its_reason(self, omtui: Command, samples: Path) -> None:
        before = text_of(samples)
        answer = omtui(*DEV_TO_TEST, "--apply", "--reason", "release 7")
        assert answer.code == 0
        assert "vision-test: 4 added, 1 changed; omtui undo vision-test takes it back" in answer.err
        assert "LabelConnector" in text_of(samples)
        (entry,) = omtui("log", "vision-test", "--json").document["entries"]
        assert (entry["label"], entry["reason"]) == ("Promote vision-dev to vision-test", "release 7")
        assert omtui("undo", "vision-test").code == 0
        assert text_of(samples) == before

    def test_a_second_one_finds_nothing_to_do(self, omtui: Command, samples: Path) -> None:
        omtui(*DEV_TO_TEST, "--apply")
        before = text_of(samples)
        assert omtui(*DEV_TO_TEST).out == "vision-dev → vision-test: nothing to do\n"
        again = omtui(*DEV_TO_TEST, "--apply", "--json")
        assert (again.code, again.document["changes"]) == (0, [])
        assert text_of(samples) == before

    def test_after_an_undo_there_is_all_to_do_again(self, omtui: Command, samples: Path) -> None:
        first = omtui(*DEV_TO_TEST, "--json").document["changes"]
        omtui(*DEV_TO_TEST, "--apply")
        omtui("undo", "vision-test")
        assert omtui(*DEV_TO_TEST, "--json").document["changes"] == first
        omtui("undo", "vision-test", "--redo")
        assert omtui(*DEV_TO_TEST, "--json").document["changes"] == []

    def test_what_was_changed_in_the_target_stays(self, omtui: Command, samples: Path) -> None:
        omtui(*DEV_TO_TEST, "--apply")
        omtui("set", "vision-test", f"{LABELS}.description", "test's own words")
        omtui("set", "vision-dev", PICK, "new")
        found = omtui(*DEV_TO_TEST, "--apply", "--json").document
        assert [change["where"] for change in found["changes"]] == [PICK]
        assert [change["where"] for change in found["kept"]] == [f"{LABELS}.description"]
        assert omtui("get", "vision-test", f"{LABELS}.description").out == "test's own words\n"
        assert omtui("diff", "vision-test@promoted", "vision-test").code == 0

    @pytest.mark.parametrize(("option", "value"), [("--take-source", "of dev"), ("--keep-target", "of test")])
    def test_conflicts_are_decided_one_by_one(self, omtui: Command, samples: Path, option: str, value: str) -> None:
        omtui(*DEV_TO_TEST, "--apply")
        omtui("set", "vision-test", PICK, "of test")
        omtui("set", "vision-dev", PICK, "of dev")
        answer = omtui(*DEV_TO_TEST)
        assert answer.code == 3
        assert "blocked by 1 conflict" in answer.out
        assert f"--keep-target '{PICK}' or --take-source '{PICK}'" in answer.out
        assert omtui(*DEV_TO_TEST, "--apply").code == 3
        assert omtui(*DEV_TO_TEST, "--apply", option, PICK).code == 0
        assert omtui("get", "vision-test", PICK).out == f"{value}\n"
        again = omtui(*DEV_TO_TEST)
        assert (again.code, again.out) == (0, again.out)
        assert "nothing to do" in again.out, "decided once"

    def test_removal_on_request(self, omtui: Command, samples: Path) -> None:
        omtui("add", "vision-test", "source_systems", "OWN", "name=Own")
        omtui(*DEV_TO_TEST, "--apply")
        assert "OWN" in text_of(samples)
        found = omtui(*DEV_TO_TEST, "--remove", "source_systems[OWN]", "--apply", "--json").document
        assert found["plan"]["remove"] == ["source_systems[OWN]"]
        assert "OWN" not in text_of(samples)

    def test_production_is_unlocked_by_its_name(self, omtui: Command, samples: Path) -> None:
        words = ("promote", "vision-test", "vision-prod")
        assert omtui(*words).code == 0, "looking is free"
        before = text_of(samples, "vision-prod")
        answer = omtui(*words, "--apply")
        assert answer.code == 3
        assert "--unlock vision-prod allows" in answer.err
        assert omtui(*words, "--apply", "--unlock", "vision-test").code == 3
        assert text_of(samples, "vision-prod") == before
        assert omtui(*words, "--apply", "--unlock", "vision-prod").code == 0
        assert text_of(samples, "vision-prod") != before


class TestTicket:
    def test_it_is_kept_in_the_log_and_found_there(self, omtui: Command, samples: Path) -> None:
        words = ("--apply", "--ticket", "CHG0003", "--reason", "release 7")
        assert omtui(*DEV_TO_TEST, *words).code == 0
        omtui("set", "vision-test", PICK, "later")
        (entry,) = omtui("log", "vision-test", "--ticket", "CHG0003", "--json").document["entries"]
        assert (entry["ticket"], entry["reason"]) == ("CHG0003", "release 7")
        assert omtui("log", "vision-test", "--ticket", "CHG0004").code == 2
        assert omtui(*DEV_TO_TEST, "--ticket", "a]b").code == 2

    @pytest.mark.parametrize("form", ["md", "html"])
    def test_the_plan_is_a_document_to_approve(self, omtui: Command, samples: Path, tmp_path: Path, form: str) -> None:
        answer = omtui(*DEV_TO_TEST, "-o", f"plan.{form}", "--ticket", "CHG0003")
        assert answer.code == 0
        text = (tmp_path / f"plan.{form}").read_text().replace("<wbr>", "")
        for word in ("CHG0003", "Approved", "☐", "LabelConnector", "By hand", "Findings gained", "soa-test"):
            assert word in text
        assert omtui(*DEV_TO_TEST, "-o", "plan.csv").code == 2

    def test_an_empty_promotion_invites_to_undo_nothing(self, omtui: Command, samples: Path) -> None:
        first = omtui(*DEV_TO_TEST, "--apply")
        assert "the first one from here" in first.out
        again = omtui(*DEV_TO_TEST, "--apply")
        assert "nothing to do" in again.err
        assert "takes it back" not in again.err

    def test_the_plan_says_what_the_checks_gain_and_lose(self, omtui: Command, samples: Path) -> None:
        omtui("set", "vision-dev", "routing_rules[Route labels].then[0].value", "Nosuch")
        found = omtui(*DEV_TO_TEST, "--json").document
        assert ("S7-01", "routing_rules[Route labels].then[0].value") in {
            (f["id"], f["where"]) for f in found["gained"]
        }
        assert "Findings of check that vision-test gains" in omtui(*DEV_TO_TEST).out


class TestPlanFile:
    PLAN = (*DEV_TO_TEST, "--plan", "plan.json")

    def test_it_is_carried_out_exactly(self, omtui: Command, samples: Path, tmp_path: Path) -> None:
        words = (*self.PLAN, "--only", "task_types[Print_Labels]")
        answer = omtui(*words, "--json")
        assert answer.code == 0
        written = json.loads((tmp_path / "plan.json").read_text())
        assert written["plan"] == answer.document["plan"]
        assert "omtui promote: the plan is in plan.json" in answer.err
        done = omtui(*self.PLAN, "--apply", "--reason", "reviewed", "--json")
        assert (done.code, done.document["applied"]) == (0, True)
        assert "LabelConnector" not in text_of(samples)
        assert "Print_Labels" in text_of(samples)
        assert omtui(*DEV_TO_TEST, "--only", "task_types[Print_Labels]", "--json").document["changes"] == []

    @pytest.mark.parametrize("profile", ["vision-dev", "vision-test"])
    def test_a_stale_one_is_refused(self, omtui: Command, samples: Path, profile: str) -> None:
        omtui(*self.PLAN)
        omtui("set", profile, PICK, "changed since")
        before = text_of(samples)
        answer = omtui(*self.PLAN, "--apply")
        assert answer.code == 3
        assert f"{profile} was changed since the plan was made" in answer.err
        assert text_of(samples) == before

    def test_a_comment_makes_no_plan_stale(self, omtui: Command, samples: Path) -> None:
        omtui(*self.PLAN)
        (samples / "vision-dev.toml").write_text("# a comment\n" + text_of(samples, "vision-dev"))
        assert omtui(*self.PLAN, "--apply").code == 0

    def test_a_blocked_or_edited_one_is_refused(self, omtui: Command, no_map: Path, tmp_path: Path) -> None:
        assert omtui(*self.PLAN).code == 3
        before = text_of(no_map)
        assert omtui(*self.PLAN, "--apply").code == 3
        plan = tmp_path / "plan.json"
        plan.write_text(plan.read_text().replace('"blocked": true', '"blocked": false'))
        answer = omtui(*self.PLAN, "--apply")
        assert answer.code == 2
        assert "changed after it was made" in answer.err
        assert text_of(no_map) == before

    def test_nothing_else_is_overwritten(self, omtui: Command, samples: Path) -> None:
        before = text_of(samples, "vision-dev")
        answer = omtui(*DEV_TO_TEST, "--plan", "profiles/vision-dev.toml")
        assert answer.code == 3
        assert "is there and is no plan" in answer.err
        assert text_of(samples, "vision-dev") == before
        assert omtui(*self.PLAN).code == 0
        assert omtui(*self.PLAN).code == 0, "a plan may be made again"

    def test_a_plan_of_others(self, omtui: Command, samples: Path) -> None:
        omtui(*self.PLAN)
        answer = omtui(
            "promote", "vision-dev", "vision-prod", "--plan", "plan.json", "--apply", "--unlock", "vision-prod"
        )
        assert answer.code == 2
        assert "is a plan from vision-dev to vision-test" in answer.err


def test_what_comes_from_standard_input(samples: Path, program: Callable[..., Any], tmp_path: Path) -> None:
    mapping = (samples / "vision-test.map.toml").read_bytes()
    (samples / "vision-test.map.toml").unlink()
    assert program(*DEV_TO_TEST, "--map", "-", stdin=mapping).returncode == 0
    assert program(*DEV_TO_TEST, "--map", "-", stdin=b"\xff").returncode == 2
    assert program(*DEV_TO_TEST, "--map", "-", "--plan", "plan.json", stdin=mapping).returncode == 0
    plan = (tmp_path / "plan.json").read_bytes()
    for words in (("--plan", "-"), ("--propose", "--map", "-"), ("--map", "-", "--plan", "-", "--apply")):
        assert program(*DEV_TO_TEST, *words, stdin=plan).returncode == 2
    assert program(*DEV_TO_TEST, "--plan", "-", "--apply", stdin=b"").returncode == 2
    assert program(*DEV_TO_TEST, "--plan", "-", "--apply", stdin=plan).returncode == 0
    assert "LabelConnector" in text_of(samples)
    source = (samples / "vision-dev.toml").read_bytes()
    found = json.loads(program("promote", "-", "vision-test", "--json", stdin=source).stdout)
    assert (found["source"], found["blocked"]) == ("vision-dev", True), "the mapping is gone"


def test_what_comes_out_is_a_profile(omtui: Command, samples: Path) -> None:
    omtui(*DEV_TO_TEST, "--apply")
    data = tomllib.loads(text_of(samples))
    assert data["profile"]["name"] == "vision-test"
    assert omtui("check", "vision-test").code in (0, 1)


def replace_notes(text: str) -> Any:
    """The mapping of a text, without the notes of what needed an entry."""
    return read("".join(line for line in text.splitlines(keepends=True) if not line.startswith('note = "needed by')))
