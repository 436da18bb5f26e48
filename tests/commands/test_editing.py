"""set, add, remove, rename, move, undo, fmt: what they write, what they say, what they refuse."""

import difflib
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import PROFILE, Command


@pytest.fixture
def dev(library: Path) -> Path:
    return library / "dev.toml"


def lines_changed(path: Path) -> list[str]:
    """What differs from the profile as it was, one line each."""
    diff = difflib.ndiff(PROFILE.splitlines(), path.read_text().splitlines())
    return [line for line in diff if line[0] in "+-"]


def data(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text())


class TestSet:
    def test_one_value_changes_one_line(self, omtui: Command, dev: Path) -> None:
        answer = omtui("set", "dev", "connectors[Connector01].url", "https://new.pick.example/process")
        assert (answer.code, answer.out) == (0, "")
        assert answer.err == "dev: Set connectors[Connector01].url\n"
        assert lines_changed(dev) == [
            '- url = "https://soa.pick.example:8002/process"',
            '+ url = "https://new.pick.example/process"',
        ]

    @pytest.mark.parametrize(
        ("place", "typed", "value"),
        [
            ("connectors[Connector02].description", "true", "true"),
            ("connectors[Connector02].description", '  "as typed" ', '  "as typed" '),
            ("connectors[Connector02].description", "-5", "-5"),
            ("connectors[Connector02].send_attachments", "true", True),
            ("topology.endpoints[Printer].port", "9_101", 9101),
            ("connectors[Connector02].tags", '["a", "b"]', ["a", "b"]),
            ("connectors[Connector02].tags", "+=3PL", ["3PL"]),
            ("connectors[Connector01].tags", "+=B2B", ["3PL", "B2B"]),
            ("topology.endpoints[Printer].status", "[200, 401]", [200, 401]),
            ("topology.endpoints[Printer].status", "+=404", [404]),
        ],
    )
    def test_a_value_has_its_fields_type(
        self, omtui: Command, dev: Path, place: str, typed: str, value: object
    ) -> None:
        assert omtui("set", "dev", place, typed).code == 0
        holder, _, name = place.rpartition(".")
        table, _, key = holder.partition("[")
        records: Any = data(dev)
        for part in table.split("."):
            records = records[part]
        record = next(each for each in records if each["name"] == key.rstrip("]"))
        assert record[name] == value
        assert type(record[name]) is type(value)

    def test_where_any_type_is_allowed_the_type_stays(self, omtui: Command, dev: Path) -> None:
        rule = "routing_rules[Route picks].when.all"
        assert omtui("set", "dev", f"{rule}[0].value", "12").code == 0
        assert omtui("set", "dev", f"{rule}[1].value", "12").code == 0
        conditions = data(dev)["routing_rules"][0]["when"]["all"]
        assert [each["value"] for each in conditions] == ["12", 12]
        assert omtui("set", "dev", f"{rule}[1].value", "twelve").code == 2

    def test_one_of_a_list_goes(self, omtui: Command, dev: Path) -> None:
        assert omtui("set", "dev", "connectors[Connector01].tags", "-=3PL").code == 0
        assert "tags" not in data(dev)["connectors"][0]

    def test_what_a_list_has_already_changes_nothing(self, omtui: Command, dev: Path) -> None:
        answer = omtui("set", "dev", "connectors[Connector01].tags", "+=3PL")
        assert answer.code == 0
        assert "nothing to change" in answer.err
        assert dev.read_text() == PROFILE

    def test_an_empty_value_takes_the_field_away(self, omtui: Command, dev: Path) -> None:
        assert omtui("set", "dev", "source_systems[CSS01].name", "").code == 0
        assert lines_changed(dev) == ['- name = "Pick system"']

    def test_a_wrong_word_can_be_set(self, omtui: Command, dev: Path) -> None:
        assert omtui("set", "dev", "connectors[Connector01].invocation_mode", "Async").code == 0
        assert data(dev)["connectors"][0]["invocation_mode"] == "Async"

    def test_a_whole_tree_of_conditions(self, omtui: Command, dev: Path) -> None:
        tree = '{ any = [{ entity = "Order Header", attribute = "Customer", operator = "=", value = "A" }] }'
        assert omtui("set", "dev", "routing_rules[Route picks].when", tree).code == 0
        assert data(dev)["routing_rules"][0]["when"]["any"][0]["value"] == "A"

    def test_a_key_alone_leaves_references_and_says_so(self, omtui: Command, dev: Path) -> None:
        answer = omtui("set", "dev", "connectors[Connector01].name", "Other")
        assert answer.code == 0
        assert "still named by routing_rules[Route picks].then[0].value" in answer.err
        assert "omtui rename" in answer.err

    @pytest.mark.parametrize(
        ("place", "value", "message"),
        [
            ("connectors[Connector1].url", "x", "did you mean Connector01?"),
            ("connectors[Connector01].ulr", "x", "did you mean url?"),
            ("conectors[Connector01].url", "x", "did you mean connectors?"),
            ("connectors[Connector01]", "x", "name one of its fields"),
            ("connectors", "x", "list of records"),
            ("pod", "x", "name one of its fields"),
            ("connectors[Connector01", "x", "the bracket is not closed"),
            ("", "x", "an empty text is no place"),
            ("connectors[Connector01].tags[0]", "x", "+=V adds one"),
            ("schema", "2", "format of the file"),
            ("connectors[Connector01].send_attachments", "yes", "type true or false"),
            ("topology.endpoints[Printer].port", "many", "type digits"),
            ("profile.name", "", "profile.name is missing"),
            ("profile.environment", "", "profile.environment is missing"),
            ("routing_rules[Route picks].when", "{ all = 5 }", "not an array of tables"),
            ("connectors[Connector01].\x1b[31m", "x", "␛"),
        ],
    )
    def test_what_makes_no_sense_is_refused_and_nothing_written(
        self, omtui: Command, dev: Path, place: str, value: str, message: str
    ) -> None:
        answer = omtui("set", "dev", place, value)
        assert answer.code == 2
        assert message in answer.err
        assert "\x1b" not in answer.err
        assert dev.read_text() == PROFILE

    def test_json(self, omtui: Command, dev: Path) -> None:
        answer = omtui("set", "dev", "pod.release", "26A", "--json")
        assert answer.err == ""
        assert answer.document == {"profile": "dev", "did": "Set pod.release", "where": "pod.release", "changed": True}

    def test_keys_that_are_not_known_can_be_changed_where_they_stand(self, omtui: Command, dev: Path) -> None:
        dev.write_text(PROFILE.replace('release = "25D"', 'release = "25D"\nour_own = 5'))
        assert omtui("set", "dev", "pod.our_own", "6").code == 0
        assert data(dev)["pod"]["our_own"] == 6
        assert omtui("set", "dev", "pod.our_owm", "6").code == 2


class TestAdd:
    def test_a_record_with_oracles_defaults(self, omtui: Command, dev: Path) -> None:
        answer = omtui("add", "dev", "task_types", "Pack", "description=Packing = done outside")
        assert answer.code == 0
        added = data(dev)["task_types"][1]
        assert added["description"] == "Packing = done outside"
        assert [service["code"] for service in added["services"]] == ["Pack Create", "Pack Inbound"]

    def test_inside_a_record(self, omtui: Command, dev: Path) -> None:
        words = ("task_types[Pick].statuses", "PICKED", "display=Picked", "complete=true")
        assert omtui("add", "dev", *words).code == 0
        assert data(dev)["task_types"][0]["statuses"] == [{"internal": "PICKED", "display": "Picked", "complete": True}]

    def test_a_number_is_a_key_too(self, omtui: Command, dev: Path) -> None:
        assert omtui("add", "dev", "orchestration_processes", "P").code == 0
        assert omtui("add", "dev", "orchestration_processes[P].steps", "100", "type=Service").code == 0
        assert data(dev)["orchestration_processes"][0]["steps"][0]["number"] == 100
        assert omtui("add", "dev", "orchestration_processes[P].steps", "first").code == 2

    def test_where_records_are_counted_there_is_no_key(self, omtui: Command, dev: Path) -> None:
        rows = "routing_rules[Route picks].then"
        assert omtui("add", "dev", rows, "action=Override Operation", "value=Create").code == 0
        assert omtui("add", "dev", rows, "0", "action=Prepare Result").code == 0
        actions = data(dev)["routing_rules"][0]["then"]
        assert [each["action"] for each in actions] == ["Prepare Result", "Set Connector Name", "Override Operation"]

    def test_a_list_by_one_and_one(self, omtui: Command, dev: Path) -> None:
        assert omtui("add", "dev", "source_systems", "CSS02", "enabled_for+=Items", "enabled_for+=Assets").code == 0
        assert data(dev)["source_systems"][1]["enabled_for"] == ["Items", "Assets"]

    def test_the_comment_above_others_stays_with_them(self, omtui: Command, dev: Path) -> None:
        omtui("add", "dev", "connectors", "Connector03")
        assert [line for line in lines_changed(dev) if line.startswith("-")] == []

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (("conectors", "X"), "did you mean connectors?"),
            (("connectors",), "needs its name"),
            (("connectors", "X", "ulr=y"), "did you mean url?"),
            (("connectors", "X", "url"), "is no FIELD=VALUE"),
            (("connectors", "X", "name=Y"), "is the key"),
            (("connectors[Connector01]", "X"), "name the table: connectors"),
            (("pod", "X"), "omtui set"),
            (("connectors[Connector01].url", "X"), "takes no records"),
            (("connectors", "X", "send_attachments=maybe"), "type true or false"),
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, omtui: Command, dev: Path, words: tuple[str, ...], message: str
    ) -> None:
        answer = omtui("add", "dev", *words)
        assert answer.code == 2
        assert message in answer.err
        assert dev.read_text() == PROFILE


class TestRemove:
    def test_a_record_goes_with_its_comment(self, omtui: Command, dev: Path) -> None:
        answer = omtui("remove", "dev", "connectors[Connector01]")
        assert answer.code == 0
        assert "still named by routing_rules[Route picks].then[0].value" in answer.err
        text = dev.read_text()
        assert "# The pick system's own" not in text
        assert "Connector02" in text

    def test_a_field_goes(self, omtui: Command, dev: Path) -> None:
        assert omtui("remove", "dev", "source_systems[CSS01].name").code == 0
        assert lines_changed(dev) == ['- name = "Pick system"']

    @pytest.mark.parametrize(
        "place",
        [
            "connectors",
            "connectors[No]",
            "connectors[Connector01].tags[0]",
            "pod.time_zone",
            "profile.environment",
            "schema",
            "profile",
        ],
    )
    def test_what_must_stay_stays(self, omtui: Command, dev: Path, place: str) -> None:
        assert omtui("remove", "dev", place).code == 2
        assert dev.read_text() == PROFILE


class TestRename:
    def test_references_and_waivers_go_along(self, omtui: Command, dev: Path) -> None:
        answer = omtui("rename", "dev", "connectors[Connector01]", "Pick [A]", "--json")
        assert answer.code == 0
        assert answer.document["where"] == 'connectors["Pick [A]"]'
        found = data(dev)
        assert found["connectors"][0]["name"] == "Pick [A]"
        assert found["routing_rules"][0]["then"][0]["value"] == "Pick [A]"
        assert found["waivers"][0]["where"] == 'connectors["Pick [A]"]'

    def test_a_name_that_others_refer_to_and_that_is_no_key(self, omtui: Command, dev: Path) -> None:
        omtui("add", "dev", "orchestration_processes", "P")
        step = "orchestration_processes[P].steps"
        omtui("add", "dev", step, "100", "type=Service", "task_type=Pick", "task=Pick Carton")
        assert omtui("rename", "dev", "task_types[Pick].tasks[PICK].name", "Pick Box").code == 0
        assert data(dev)["orchestration_processes"][0]["steps"][0]["task"] == "Pick Box"

    @pytest.mark.parametrize(
        ("place", "new", "message"),
        [
            ("connectors[Connector01]", "Connector02", "there is another connector Connector02"),
            ("connectors[Connector01]", "", "cannot be empty"),
            ("connectors[Connector01].url", "x", "omtui set"),
            ("routing_rules[Route picks].then[0]", "x", "has no key"),
            ("pod", "x", "is no record"),
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, omtui: Command, dev: Path, place: str, new: str, message: str
    ) -> None:
        answer = omtui("rename", "dev", place, new)
        assert answer.code == 2
        assert message in answer.err
        assert dev.read_text() == PROFILE


class TestMove:
    @pytest.fixture
    def three(self, omtui: Command, dev: Path) -> Path:
        omtui("add", "dev", "connectors", "Connector03")
        return dev

    @pytest.mark.parametrize(
        ("record", "words", "order"),
        [
            ("1", ("--before", "Connector03"), "213"),
            ("1", ("--after", "Connector03"), "231"),
            ("3", ("--before", "Connector01"), "312"),
            ("3", ("--after", "Connector01"), "132"),
            ("2", ("--before", "Connector02"), "123"),
            ("2", ("--after", "Connector01"), "123"),
        ],
    )
    def test_it_stands_where_it_was_put(
        self, omtui: Command, three: Path, record: str, words: tuple[str, str], order: str
    ) -> None:
        assert omtui("move", "dev", f"connectors[Connector0{record}]", *words).code == 0
        assert [each["name"][-1] for each in data(three)["connectors"]] == list(order)

    def test_its_comment_moves_along(self, omtui: Command, three: Path) -> None:
        omtui("move", "dev", "connectors[Connector01]", "--after", "Connector03")
        text = three.read_text()
        assert text.index("Connector03") < text.index("# The pick system's own") < text.index('"Connector01"')

    def test_of_two_with_one_key_the_second(self, omtui: Command, three: Path) -> None:
        omtui("add", "dev", "connectors", "Connector01", "url=second")
        omtui("move", "dev", "connectors[Connector03]", "--after", "Connector01#2")
        assert data(three)["connectors"][-1]["name"] == "Connector03"

    @pytest.mark.parametrize(
        "words", [(), ("--before", "Connector02", "--after", "Connector02"), ("--before", "Nr"), ("--after", "")]
    )
    def test_where_to_must_be_clear(self, omtui: Command, dev: Path, words: tuple[str, ...]) -> None:
        assert omtui("move", "dev", "connectors[Connector01]", *words).code == 2
        assert dev.read_text() == PROFILE


class TestUndo:
    def test_every_change_can_be_taken_back_and_done_again(self, omtui: Command, dev: Path) -> None:
        omtui("set", "dev", "pod.release", "26A")
        after_one = dev.read_text()
        omtui("remove", "dev", "connectors[Connector01]")
        after_two = dev.read_text()
        assert omtui("undo", "dev").err == "dev: undone: Remove connectors[Connector01]\n"
        assert dev.read_text() == after_one
        omtui("undo", "dev")
        assert dev.read_text() == PROFILE
        omtui("undo", "dev", "--redo")
        omtui("undo", "dev", "--redo")
        assert dev.read_text() == after_two

    def test_with_nothing_to_undo_it_is_refused(self, omtui: Command, dev: Path) -> None:
        answer = omtui("undo", "dev")
        assert answer.code == 3
        assert "nothing to undo" in answer.err

    def test_a_file_that_somebody_else_changed_is_not_undone(self, omtui: Command, dev: Path) -> None:
        omtui("set", "dev", "pod.release", "26A")
        dev.write_text(dev.read_text() + "# a note\n")
        assert omtui("undo", "dev").code == 3
        assert dev.read_text().endswith("# a note\n")


class TestFmt:
    UNTIDY = (
        'schema=1\n\n\n[pod]\nrelease="25D"   # of the pod\n[profile]\nenvironment = "test"\nname = "untidy"\n'
        '# The only one\n[[connectors]]\nurl = "x"\nname = "C"\n'
    )

    def test_it_lays_out_and_keeps_comments(self, omtui: Command, library: Path) -> None:
        path = library / "untidy.toml"
        path.write_text(self.UNTIDY)
        assert omtui("fmt", "untidy", "--check").code == 1
        assert path.read_text() == self.UNTIDY
        assert omtui("fmt", "untidy").code == 0
        text = path.read_text()
        assert tomllib.loads(text) == tomllib.loads(self.UNTIDY)
        assert text.index("[profile]") < text.index("[pod]")
        assert "# of the pod" in text
        assert "# The only one\n[[connectors]]" in text
        assert omtui("fmt", "untidy", "--check").code == 0
        assert "canonical already" in omtui("fmt", "untidy").err

    def test_what_was_done_before_can_still_be_undone(self, omtui: Command, library: Path) -> None:
        path = library / "untidy.toml"
        path.write_text(self.UNTIDY)
        omtui("set", "untidy", "connectors[C].url", "y")
        omtui("fmt", "untidy")
        assert omtui("undo", "untidy").code == 0
        assert path.read_text() == self.UNTIDY.replace('"x"', '"y"')
        assert omtui("undo", "untidy").code == 0
        assert path.read_text() == self.UNTIDY

    def test_what_commands_write_is_canonical(self, omtui: Command, dev: Path) -> None:
        omtui("fmt", "dev")
        omtui("add", "dev", "connectors", "Connector03", "url=https://x.example", "target_system=CSS01")
        omtui("add", "dev", "task_types[Pick].statuses", "PICKED", "complete=true")
        omtui("set", "dev", "connectors[Connector02].description", "new")
        assert omtui("fmt", "dev", "--check").code == 0


class TestProduction:
    WORDS = (
        ("set", "prod", "pod.release", "26A"),
        ("add", "prod", "connectors", "X"),
        ("remove", "prod", "connectors[Connector01]"),
        ("rename", "prod", "connectors[Connector01]", "X"),
        ("move", "prod", "connectors[Connector01]", "--after", "Connector02"),
        ("undo", "prod"),
        ("fmt", "prod"),
    )

    @pytest.fixture
    def prod(self, library: Path) -> Path:
        path = library / "prod.toml"
        path.write_text(PROFILE.replace('"dev"', '"prod"').replace('"development"', '"production"'))
        return path

    @pytest.mark.parametrize("words", WORDS, ids=lambda words: words[0])
    def test_it_is_changed_only_when_unlocked(self, omtui: Command, prod: Path, words: tuple[str, ...]) -> None:
        before = prod.read_text()
        answer = omtui(*words)
        assert answer.code == 3
        assert "--unlock prod" in answer.err
        assert omtui(*words, "--unlock", "Prod").code == 3
        assert omtui(*words, "--unlock", "dev").code == 3
        assert prod.read_text() == before
        assert omtui(*words, "--unlock", "prod").code == (3 if words[0] == "undo" else 0)

    def test_the_wrong_name_unlocks_nothing_elsewhere_either(self, omtui: Command, dev: Path) -> None:
        assert omtui("set", "dev", "pod.release", "26A", "--unlock", "prod").code == 3
        assert dev.read_text() == PROFILE

    def test_looking_needs_no_name(self, omtui: Command, prod: Path) -> None:
        assert omtui("get", "prod", "pod.release").out == "25D\n"
        assert omtui("fmt", "prod", "--check").code in (0, 1)


def test_every_command_that_changes_takes_unlock_and_reason() -> None:
    from omtui.commands.registry import BY_NAME

    for name in ("set", "add", "remove", "rename", "move", "undo", "fmt", "ask"):
        assert {"--unlock", "--reason"} <= {option.name for option in BY_NAME[name].options}


def test_a_file_that_cannot_be_written_is_refused_and_leaves_no_draft(
    omtui: Command, dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dev.chmod(0o400)
    monkeypatch.setattr("os.access", lambda path, mode: False)  # root may write everything
    answer = omtui("set", "dev", "pod.release", "26A")
    assert answer.code == 3
    assert "write-protected" in answer.err
    assert dev.read_text() == PROFILE
    monkeypatch.undo()


def test_a_profile_by_its_path_outside_the_library(omtui: Command, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere" / "mine.toml"
    path.parent.mkdir()
    path.write_text(PROFILE)
    assert omtui("set", str(path), "pod.release", "26A").code == 0
    assert omtui("get", "elsewhere/mine.toml", "pod.release").out == "26A\n"


def test_line_ends_and_byte_order_mark_stay(omtui: Command, dev: Path) -> None:
    dev.write_bytes(b"\xef\xbb\xbf" + PROFILE.replace("\n", "\r\n").encode())
    assert omtui("set", "dev", "pod.user_name", "me").code == 0
    content = dev.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n") == PROFILE.count("\n") + 1


def test_another_name_for_what_oracle_freezes_says_what_it_means_in_the_pod(omtui: Command, library: Path) -> None:
    for words in (
        ("rename", "dev", "connectors[Connector01]", "Connector09"),
        ("set", "dev", "connectors[Connector02].name", "Connector08"),
        ("rename", "dev", "source_systems[CSS01]", "CSS09"),
    ):
        result = omtui(*words)
        assert result.code == 0
        assert "create it there under the new name, delete the old one" in result.err
    result = omtui("rename", "dev", "topology.endpoints[Printer]", "Labels")
    assert result.code == 0
    assert "create it there" not in result.err
