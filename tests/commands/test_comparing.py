"""diff and compare: what differs, in every format, and how they end."""

import zipfile
from pathlib import Path

import pytest

from tests.commands.conftest import PROFILE, Command
from tests.programs import require
from tests.service.git import commit, git


def test_nothing_differs(omtui: Command, library: Path) -> None:
    (library / "test.toml").write_text(PROFILE.replace('name = "dev"', 'name = "test"'))
    answer = omtui("diff", "dev", "test")
    assert (answer.code, answer.out, answer.err) == (0, "dev → test: no difference\n", "")


def test_what_differs_in_words(omtui: Command, samples: Path) -> None:
    answer = omtui("diff", "vision-dev", "vision-test")
    verdict, *lines = answer.out.splitlines()
    assert answer.code == 1
    assert verdict.startswith("vision-dev → vision-test: 4 added, 31 changed, 4 renamed")
    assert "    + event_subscriptions[cloud-test]: SalesOrderNotification" in "\n".join(lines)
    assert "    ~ pod.url: https://fa-vsno-[-dev1-]{+test+}-saasfaprod1.fa.ocs.example" in lines
    assert any(line.startswith("    - connectors[LabelConnector]: ") for line in lines)
    assert "5 Manage External Interface Web Service Details" in lines


def test_what_oracle_freezes_is_marked(omtui: Command, library: Path) -> None:
    (library / "other.toml").write_text(PROFILE.replace('"Connector01"', '"Connector1"'))
    answer = omtui("diff", "dev", "other")
    assert "  -/+ connectors[Connector01] is now called Connector1; Oracle freezes this name" in answer.out
    assert "routing_rules" not in answer.out, "what only follows the rename is no change"
    assert "D-03" in answer.out


def test_filters(omtui: Command, library: Path) -> None:
    other = PROFILE.replace(":8002/", ":9002/").replace('name = "Pick system"', 'name = "Picker"')
    (library / "other.toml").write_text(other)

    def places(*words: str) -> list[str]:
        return [change["where"] for change in omtui("diff", "dev", "other", "--json", *words).document["changes"]]

    assert places("--step", "3") == ["source_systems[CSS01].name"]
    assert places("--tag", "3PL") == ["connectors[Connector01].url"]
    assert places("--step", "3", "--step", "5") == [
        "source_systems[CSS01].name",
        "connectors[Connector01].url",
        "connectors[Connector02].url",
    ]
    assert omtui("diff", "dev", "other", "--step", "7").code == 0
    wrong = omtui("diff", "dev", "other", "--step", "12")
    assert (wrong.code, wrong.out) == (2, "")
    assert "there is no step 12" in wrong.err


def test_json_has_the_keys_of_the_contract(omtui: Command, samples: Path) -> None:
    answer = omtui("diff", "vision-dev", "profiles/vision-test.toml", "--json")
    assert answer.code == 1
    assert {"source": "vision-dev", "target": "vision-test"}.items() <= answer.document.items()
    assert all({"op", "where", "old", "new"} <= change.keys() for change in answer.document["changes"])
    assert {change["op"] for change in answer.document["changes"]} == {"add", "remove", "change", "rename"}
    assert all(
        {"id", "level", "where", "line", "message", "fix", "waived"} <= each.keys()
        for each in answer.document["findings"]
    )


def test_markdown(omtui: Command, samples: Path) -> None:
    answer = omtui("diff", "vision-dev", "vision-test", "--markdown", "--step", "5")
    assert answer.out.startswith("**vision-dev → vision-test: ")
    assert "| `~` | `connectors[Connector01].user_name` |" in answer.out
    assert omtui("diff", "vision-dev", "vision-test", "--markdown", "--json").code == 2


def test_findings_tell_what_a_promotion_would_meet(omtui: Command, library: Path) -> None:
    source = PROFILE.replace('tags = ["3PL"]', 'tags = ["3PL"]\ncredential = "pick"') + (
        '[[trigger_points]]\nname = "Hold"\nactive = true\nconnectors = ["Connector01"]\n'
        '[[routing_rules]]\nname = "Two"\n[routing_rules.when]\n'
        'all = [{ entity = "Order Fulfill Line", attribute = "Item", operator = "is equal to", value = "CM5008" }]\n'
        '[[routing_rules.then]]\naction = "Set Connector Name"\nvalue = "Connector01"\n'
    )
    target = PROFILE.replace('release = "25D"', 'release = "26C"\nconnector_association = "hidden"')
    (library / "one.toml").write_text(source)
    (library / "two.toml").write_text(target.replace('"Connector02"', '"Connector2"'))
    found = omtui("diff", "one", "two", "--json").document["findings"]
    assert {each["id"]: each["level"] for each in found} == {
        "D-02": "warning",
        "D-03": "error",
        "D-04": "info",
        "D-05": "warning",
        "D-06": "error",
    }
    assert {each["id"]: each["where"] for each in found}["D-06"] == "trigger_points[Hold].connectors"
    alone = omtui("diff", "one", "one", "--json")
    assert (alone.code, alone.document["findings"]) == (0, [])


def test_a_credential_of_the_targets_own_is_no_concern(omtui: Command, library: Path) -> None:
    one = PROFILE.replace('tags = ["3PL"]', 'credential = "dev-pick"')
    (library / "one.toml").write_text(one)
    (library / "two.toml").write_text(one.replace("dev-pick", "test-pick"))
    assert omtui("diff", "one", "two", "--json").document["findings"] == []


class TestEarlierStates:
    def test_a_time_and_what_was_found(self, omtui: Command, library: Path) -> None:
        assert omtui("set", "dev", "pod.release", "26A").code == 0
        answer = omtui("diff", "dev@2999-01-01", "dev")
        assert (answer.code, answer.out) == (0, "dev@2999-01-01 → dev: no difference\n")
        first = omtui("log", "dev", "--json").document["states"][-1]
        assert first["who"] == ""
        answer = omtui("diff", f"dev@{first['at']}", "dev", "--json")
        (change,) = answer.document["changes"]
        assert (change["where"], change["old"], change["new"]) == ("pod.release", "25D", "26A")
        assert answer.document["findings"] == [], "two states of one profile"

    def test_a_git_revision(self, omtui: Command, library: Path) -> None:
        require("git")
        git(library, "init", "-q")
        commit(library, "first")
        (library / "dev.toml").write_text(PROFILE.replace("25D", "26A"))
        answer = omtui("diff", "dev@HEAD", "dev", "--json")
        assert [change["where"] for change in answer.document["changes"]] == ["pod.release"]
        assert omtui("diff", "dev@HEAD~1", "dev").code == 2

    def test_in_a_hook_of_another_working_copy(
        self, omtui: Command, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        require("git")
        git(library, "init", "-q")
        commit(library, "first")
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "other.git"))
        monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
        assert omtui("diff", "dev@HEAD", "dev").out == "dev@HEAD → dev: no difference\n"

    def test_the_last_promoted(self, omtui: Command, library: Path) -> None:
        answer = omtui("diff", "dev@promoted", "dev")
        assert (answer.code, answer.out) == (2, "")
        assert "nothing was promoted to it on this machine" in answer.err


class TestCompare:
    def test_same_other_missing(self, omtui: Command, samples: Path) -> None:
        answer = omtui("compare", "vision-dev", "vision-test", "vision-prod", "--changed")
        assert answer.code == 1
        assert answer.out.startswith("vision-dev, vision-test, vision-prod: ")
        row = next(line for line in answer.out.splitlines() if line.startswith("topology.endpoints[Old pick system]"))
        assert row.split()[-3:] == ["same", "missing", "missing"]
        assert "5 Manage External Interface Web Service Details" in answer.out

    def test_all_the_same(self, omtui: Command, library: Path) -> None:
        (library / "twin.toml").write_text(PROFILE.replace('name = "dev"', 'name = "twin"'))
        answer = omtui("compare")
        assert (answer.code, answer.out.splitlines()[0]) == (0, "dev, twin: all the same")
        changed = omtui("compare", "dev", "twin", "--changed", "--json")
        assert (changed.code, changed.document["rows"]) == (0, [])

    def test_json(self, omtui: Command, samples: Path) -> None:
        document = omtui("compare", "vision-dev", "vision-test", "--json").document
        assert document["profiles"] == ["vision-dev", "vision-test"]
        rows = {row["where"]: row["cells"] for row in document["rows"]}
        assert rows["connectors[Connector01]"] == {"vision-dev": "same", "vision-test": "same"}
        assert rows["connectors[Connector01].url"] == {"vision-dev": "same", "vision-test": "other"}
        assert sum(document["counts"].values()) == 2 * len(rows)

    @pytest.mark.parametrize("ending", ["html", "xlsx", "md", "csv"])
    def test_a_file(self, omtui: Command, samples: Path, tmp_path: Path, ending: str) -> None:
        file = tmp_path / f"all.{ending}"
        answer = omtui("compare", "vision-dev", "vision-test", "-o", str(file))
        assert (answer.code, answer.out) == (1, "")
        assert "written to" in answer.err
        if ending == "xlsx":
            assert zipfile.is_zipfile(file)
        else:
            assert "Connector01" in file.read_text(encoding="utf-8-sig")

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (("dev",), "name two profiles or more"),
            (("dev", "dev"), "named twice"),
            (("dev", "nobody"), "there is no profile nobody"),
            (("dev", "dev", "-o", "x.pdf"), "no such format"),
        ],
    )
    def test_misuse(self, omtui: Command, library: Path, words: tuple[str, ...], message: str) -> None:
        answer = omtui("compare", *words)
        assert (answer.code, answer.out) == (2, "")
        assert message in answer.err

    def test_two_of_one_name(self, omtui: Command, library: Path, tmp_path: Path) -> None:
        (tmp_path / "dev.toml").write_text(PROFILE)
        document = omtui("compare", "dev", "./dev.toml", "--json").document
        assert document["profiles"] == ["dev", "./dev.toml"]

    def test_a_folder_that_cannot_be_written(self, omtui: Command, samples: Path) -> None:
        answer = omtui("compare", "vision-dev", "vision-test", "-o", "nowhere/x.html")
        assert (answer.code, answer.out) == (3, "")
