"""The command testplan: the same plan as text, page, sheets and orders, and the orders are green."""

from pathlib import Path

import pytest

from tests.commands.conftest import Command


def test_it_is_written_in_each_format(omtui: Command, samples: Path, tmp_path: Path) -> None:
    for ending in ("md", "html", "xlsx", "csv"):
        file = tmp_path / f"plan.{ending}"
        answer = omtui("testplan", "vision-dev", "-o", str(file))
        assert (answer.code, answer.out) == (0, ""), answer.err
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.stat().st_size > 500
        assert omtui("testplan", "vision-dev", "-o", str(file)).code == 0
    assert "| ☐ | T-" in (tmp_path / "plan.md").read_text()


def test_its_orders_are_the_same_test_without_a_pod(omtui: Command, samples: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    assert "is the same test without a pod" in omtui("testplan", "vision-dev", "-o", str(file)).err
    answer = omtui("route", "vision-dev", "--expect", str(file))
    assert answer.code == 0
    assert "14 of 14 expectations are met" in answer.out


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('value = "LabelConnector"', 'value = "Connector01"'),
        ("value = 1000", "value = 999.99"),
        ("value = 1000", "value = 1000.001"),
        ('operator = ">="', 'operator = ">"'),
        ("value = [1, 9]", "value = [1, 8]"),
        ("value = [1, 9]", "value = [0, 9]"),
        ('value = ["V3", "V4"]', 'value = ["V4"]'),
        ('value = "CM5008"', 'value = "CM5009"'),
        ("start_date = 2026-06-01", "start_date = 2999-06-01"),
    ],
)
def test_each_fault_of_a_rule_is_found_by_a_line(
    omtui: Command, samples: Path, tmp_path: Path, old: str, new: str
) -> None:
    file, profile = tmp_path / "plan.csv", samples / "vision-dev.toml"
    omtui("testplan", "vision-dev", "-o", str(file))
    rules = profile.read_text().index("[[routing_rules]]")
    text = profile.read_text()
    changed = text[:rules] + text[rules:].replace(old, new)
    assert changed != text
    profile.write_text(changed)
    assert omtui("route", "vision-dev", "--expect", str(file)).code == 1


def test_a_value_that_a_spreadsheet_would_compute_is_not_in_the_file_of_orders(
    omtui: Command, samples: Path, tmp_path: Path
) -> None:
    file, profile = tmp_path / "plan.csv", samples / "vision-dev.toml"
    profile.write_text(profile.read_text().replace('value = "CM5008"', """value = '=HYPERLINK("http://x")'"""))
    answer = omtui("testplan", "vision-dev", "-o", str(file))
    assert (answer.code, "left out, because a spreadsheet would compute a value: T-" in answer.err) == (0, True)
    assert "HYPERLINK" not in file.read_text()
    assert "HYPERLINK" in omtui("testplan", "vision-dev").out
    assert omtui("route", "vision-dev", "--expect", str(file)).code == 0


def test_the_command_that_is_shown_works_as_it_is(omtui: Command, samples: Path, tmp_path: Path) -> None:
    profile, file = str(samples / "vision-dev.toml"), str(tmp_path / "plan.csv")
    answer = omtui("testplan", profile, "-o", file)
    words = answer.err.splitlines()[-1].partition(" is the same test")[0].split()
    assert words == ["omtui", "route", profile, "--expect", file]
    assert omtui(*words[1:]).code == 0


def test_text_and_json_say_the_same(omtui: Command, samples: Path) -> None:
    text = omtui("testplan", "vision-dev").out
    document = omtui("testplan", "vision-dev", "--json").document
    assert set(document) == {"profile", "orders", "without", "by_hand"}
    for test in (*document["orders"], *document["by_hand"]):
        assert test["id"] in text
    assert document["orders"][0]["values"] == {"Ordered Quantity (Order Fulfill Line)": "1000"}


def test_wrong_usage(omtui: Command, samples: Path) -> None:
    for words in (
        ["-o", "plan.pdf"],
        ["--from", "nothing.csv"],
        ["--as-of", "soon"],
        ["--columns", "x", "--from", "y"],
    ):
        answer = omtui("testplan", "vision-dev", *words)
        assert (answer.code, answer.out) == (2, ""), words
