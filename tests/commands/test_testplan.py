"""The command testplan: the same plan as text, page, sheets and orders, and the orders are green."""

from pathlib import Path

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
    assert "9 of 9 expectations are met" in answer.out
    omtui("set", "vision-dev", "routing_rules[Route labels].then[0].value", "Connector01")
    assert omtui("route", "vision-dev", "--expect", str(file)).code == 1


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
