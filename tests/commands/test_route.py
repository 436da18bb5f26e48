"""route: where each line of orders goes, in words and as JSON, and how it ends."""

import csv
import gzip
import json
import subprocess
from pathlib import Path

import pytest

from tests.commands.conftest import Command
from tests.terminal.terminal import environment, resolved

HEADINGS = ("OrderNumber", "LineNumber", "Process Name", "Item", "Ordered Quantity",
            "Destination Shipping Organization", "Business Unit")  # fmt: skip
LINES = (
    ("1001", "1", "Vision_Pick_Process", "CM5008", "1200", "V1", "Vision Operations"),
    ("1001", "2", "Vision_Pick_Process", "cm5008", "5", "V3", "Vision Operations"),
    ("1002", "1", "Vision_Pick_Process", "AS54888", "12,5", "V1", ""),
)


def write(path: Path, *lines: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([headings, *(lines or LINES)])
    return path


@pytest.fixture
def orders(tmp_path: Path, samples: Path) -> Path:
    return write(tmp_path / "orders.csv")


def test_what_is_routed_and_what_is_not(omtui: Command, orders: Path) -> None:
    answer = omtui("route", "vision-dev", str(orders))
    assert answer.code == 1
    verdict, counts, *lines = answer.out.splitlines()
    assert verdict.startswith("vision-dev: 3 lines of orders.csv, 18 requests (draft rules as of ")
    assert counts == "  2 unrouted, 1 cannot-evaluate, 9 predefined, 6 routed"
    text = "\n".join(" ".join(line.split()) for line in lines)
    assert "Pick_From_Ravi Connector3PL 1" in text
    assert 'Item "cm5008" is not equal to "CM5008" (only upper and lower case differ)' in text
    assert 'line 4: "12,5": this is no number; decimal comma: decimal = "," in the mapping' in text
    assert text.endswith("are not rehearsed.")


def test_json_has_the_keys_of_the_contract(omtui: Command, orders: Path) -> None:
    answer = omtui("route", "vision-dev", str(orders), "--json", "--as-of", "2026-11-30")
    document = answer.document
    assert set(document) >= {"profile", "as_of", "results", "counts", "set", "columns", "not_there", "connectors",
                             "published_differs", "coverage", "left_out"}  # fmt: skip
    assert document["as_of"].startswith("2026-11-30T00:00:00")
    assert sum(document["counts"].values()) == len(document["results"]) == 18
    pick = next(each for each in document["results"] if each["task_type"] == "Pick_From_Ravi")
    assert (pick["order"], pick["line"], pick["connector"]) == ("1001", "1", "Connector01")
    assert pick["rules"][0]["name"] == "Route picks"
    unrouted = [each for each in document["results"] if each["outcome"] == "unrouted"]
    assert unrouted[0]["near"] == [
        ["Route Invoice Request 01", 0, "routing_rules[Route Invoice Request 01].when.all[0]"]
    ]


def test_how_many_requests_each_comparison_decides(omtui: Command, samples: Path, tmp_path: Path) -> None:
    rules = "".join(
        f'[[routing_rules]]\nname = "{name}"\nactive = true\nwhen = {{ all = [\n'
        '  { entity = "Order Header", attribute = "Task Type", operator = "is equal to", value = "Pick" },\n'
        f'  {{ entity = "Order Fulfill Line", attribute = "Item", operator = "is in", value = {items} }},\n'
        '  { entity = "Order Fulfill Line", attribute = "Ordered Quantity", operator = "is greater than", '
        f'value = {above} }},\n] }}\nthen = [{{ action = "Set Connector Name", value = "C" }}]\n'
        for name, items, above in (("Some", '["A", "B"]', 1), ("Others", '["C"]', 5), ("None", '["D"]', 5))
    )
    (samples / "small.toml").write_text(
        f'schema = 1\n[profile]\nname = "small"\nenvironment = "test"\n[[connectors]]\nname = "C"\n{rules}'
    )
    files = []
    for number, lines in enumerate((("Pick,A,9", "Pick,B,1"), ("Pack,A,9", "Pick,X,9"))):
        files.append(tmp_path / f"{number}.csv")
        files[-1].write_text("\n".join(("Task Type,Item,Ordered Quantity", *lines)))
    words = ("route", "small", *map(str, files))
    document = omtui(*words, "--json").document
    some, others, _ = document["coverage"]
    assert some["decides"] == [
        {"path": "routing_rules[Some].when.all[0]", "count": 2},  # taken, and Pack
        {"path": "routing_rules[Some].when.all[1]", "count": 2},  # taken, and X
        {"path": "routing_rules[Some].when.all[2]", "count": 2},  # taken, and B
    ]
    assert [each["count"] for each in others["decides"]] == [0, 1, 0]
    assert document == omtui(*words, "--json", "--jobs", "2").document | {"as_of": document["as_of"]}
    assert [each["decides"] for each in omtui(*words, "--json", "--summary").document["coverage"]] == [None] * 3
    assert "Never decides" not in omtui(*words).out
    files[0].write_text("Task Type,Item,Ordered Quantity\nPick,A,9\nPick,A,9\n")
    (samples / "small.toml").write_text(
        (samples / "small.toml").read_text().replace("value = 1 }", "value = 1 },\n{ any = [\n  "
        '{ entity = "Order Fulfill Line", attribute = "Item", operator = "is equal to", value = "A" },\n  '
        '{ entity = "Order Fulfill Line", attribute = "Item", operator = "starts with", value = "A" } ] }')
    )  # fmt: skip
    out = omtui("route", "small", str(files[0])).out
    entity = "(Order Fulfill Line)"
    assert f"superfluous: Some: Item {entity} is equal to A, Some: Item {entity} starts with A." in out


def test_only_and_summary_leave_results_out(omtui: Command, orders: Path) -> None:
    assert omtui("route", "vision-dev", str(orders), "--json", "--summary").document["results"] == []
    only = omtui("route", "vision-dev", str(orders), "--json", "--only", "unrouted").document["results"]
    assert {each["outcome"] for each in only} == {"unrouted"}


def test_all_is_routed(omtui: Command, orders: Path) -> None:
    write(orders, LINES[0])
    answer = omtui("route", "vision-dev", str(orders), "--task-type", "Pick_From_Ravi")
    assert answer.code == 0
    assert "1 routed" in answer.out


def test_several_files_and_standard_input(omtui: Command, orders: Path, tmp_path: Path) -> None:
    (tmp_path / "more.csv.gz").write_bytes(gzip.compress(orders.read_bytes()))
    answer = omtui("route", "vision-dev", str(orders), str(tmp_path / "more.csv.gz"), "--json", "--summary")
    assert sum(answer.document["counts"].values()) == 36


def test_a_pipe_of_json(samples: Path, home: Path) -> None:
    order = {"OrderNumber": "7", "lines": [{"ProductNumber": "CM5008", "OrderedQuantity": 1200}]}
    done = subprocess.run(
        resolved(("omtui", "--library", str(samples), "route", "vision-dev", "-", "--json")),
        input=json.dumps({"items": [order]}),
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(home, {}),
        check=False,
    )
    document = json.loads(done.stdout)
    assert {each["heading"] for each in document["columns"]} == {"lines.ProductNumber", "lines.OrderedQuantity"}
    assert ["Order Header", "Business Unit"] in document["not_there"]


def test_what_another_set_of_rules_changes(omtui: Command, orders: Path, samples: Path) -> None:
    other = samples / "other.toml"
    text = (samples / "vision-dev.toml").read_text().replace('name = "vision-dev"', 'name = "other"')
    other.write_text(text.replace("value = 1000", "value = 2000"))
    answer = omtui("route", "vision-dev", str(orders), "--against", "other")
    assert (answer.code, answer.out.splitlines()[0]) == (
        0,
        "0 requests of 0 lines change connector (of 18 of 3).",
    ), "the last ELSE IF takes it to the same connector"
    other.write_text(text.replace('value = "LabelConnector"', 'value = "Connector01"'))
    answer = omtui("route", "vision-dev", str(orders), "--against", "other", "--json")
    assert answer.code == 1
    (change,) = answer.document["changes"]
    assert (change["from"], change["to"], change["count"]) == ("Connector01", "LabelConnector", 3)
    assert (answer.document["changed"], answer.document["of"]) == (3, 18)


def test_expectations(omtui: Command, tmp_path: Path, samples: Path) -> None:
    headings = ("Order", "Line", "Task Type", "Item", "Expected Connector")
    lines = [("1", "1", "Invoice", "CM5008", "Connector01"), ("1", "2", "Invoice", "X", "(unrouted)")]
    path = write(tmp_path / "expected.csv", *lines, headings=headings)
    assert omtui("route", "vision-dev", "--expect", str(path)).code == 0
    write(path, *lines, ("1", "3", "Invoice", "X", "Connector01"), headings=headings)
    answer = omtui("route", "vision-dev", "--expect", str(path), "--json")
    assert answer.code == 1
    assert [(each["line"], each["actual"]) for each in answer.document["unmet"]] == [("3", "(unrouted)")]
    others = write(tmp_path / "orders.csv", *(line[:4] for line in lines), headings=headings[:4])
    answer = omtui("route", "vision-dev", str(others), "--expect", str(path), "--json")
    assert [(each["line"], each["actual"]) for each in answer.document["unmet"]] == [("3", "(no request)")]


def test_the_mapping_next_to_the_profile_is_used(omtui: Command, tmp_path: Path, samples: Path) -> None:
    orders = write(
        tmp_path / "orders.csv", ("Invoice", "CM5008", "7"), headings=("Kind of work", "Product", "How many")
    )
    answer = omtui("route", "vision-dev", str(orders))
    assert answer.code == 2
    assert "no heading of orders.csv is understood: it has Kind of work, Product, How many" in answer.err
    (samples / "vision-dev.columns.toml").write_text(
        "schema = 1\n"
        '[[column]]\nheading = "Kind of work"\nentity = "Order Header"\nattribute = "Task Type"\n'
        '[[column]]\nheading = "product"\nentity = "Order Fulfill Line"\nattribute = "Item"\n'
        '[[column]]\nheading = "How many"\nis = "weight"\n'
    )
    answer = omtui("route", "vision-dev", str(orders), "--json", "--summary")
    assert answer.document["connectors"] == {"Connector01": 7}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("schema = 2", "schema is not 1"),
        ('schema = 1\n[[column]]\nheading = "x"\nformat = "nonsense"', "nonsense is no format"),
        ('schema = 1\n[[column]]\nheading = "x"\nis = "price"', "[[column]] number 1: price is no is"),
        ("schema = ", "cannot be read"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(
    omtui: Command, orders: Path, tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "my.columns.toml"
    path.write_text(text)
    answer = omtui("route", "vision-dev", str(orders), "--columns", str(path))
    assert answer.code == 2
    assert words in answer.err


def test_what_the_rules_need(omtui: Command, samples: Path) -> None:
    answer = omtui("route", "vision-dev", "--needs")
    assert answer.code == 0
    assert "Order Fulfill Line  Item" in answer.out
    assert "lines.ProductNumber" in answer.out
    assert 'select "Destination Shipping Organization (Order Fulfill Line)"' in answer.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "ORDERS is missing"),
        (("nothing.csv",), "nothing.csv cannot be read"),
        (("orders.csv", "--as-of", "soon"), "soon is no time"),
        (("orders.csv", "--only", "lost"), "there is no outcome lost"),
        (("orders.csv", "--limit", "many"), "many is no number"),
        (("orders.csv", "--encoding", "klingon"), "klingon is no encoding"),
    ],
)
def test_wrong_usage(
    omtui: Command, orders: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(orders.parent)
    answer = omtui("route", "vision-dev", *words)
    assert answer.code == 2
    assert message in answer.err


def test_the_results_are_written_to_a_file_for_its_owner_only(omtui: Command, orders: Path, tmp_path: Path) -> None:
    text = {}
    for form in ("csv", "json", "html", "xml"):
        file = tmp_path / f"result.{form}"
        answer = omtui("route", "vision-dev", str(orders), "-o", str(file))
        assert (answer.code, answer.out) == (1, ""), answer.err
        assert file.stat().st_mode & 0o777 == 0o600
        text[form] = file.read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text["csv"].splitlines()))
    results = json.loads(text["json"])["results"]
    assert len(rows) == len(results) == 18
    assert [row["Outcome"] for row in rows] == [each["outcome"] for each in results]
    assert "(unrouted): " in text["html"]
    assert text["xml"].count("<failure ") == 2
    assert omtui("route", "vision-dev", str(orders), "-o", "result.pdf").code == 2


def test_a_line_of_another_width_is_listed_in_every_form(omtui: Command, samples: Path, tmp_path: Path) -> None:
    orders = tmp_path / "odd.csv"
    orders.write_text("Order,Line,Task Type,Item\n1,1,Invoice,CM5008\n2,1\n3,1,Invoice,CM5008,9,9\n")
    assert omtui("route", "vision-dev", str(orders)).out.count("another number of cells") == 3  # two, and the summary
    results = omtui("route", "vision-dev", str(orders), "--json").document["results"]
    assert [each["rules"] for each in results[1:]] == [[], []]
    for form in ("csv", "json", "html", "xml"):
        assert omtui("route", "vision-dev", str(orders), "-o", str(tmp_path / f"result.{form}")).code == 1
    assert omtui("trace", "vision-dev", str(orders), "--order", "2").code in (0, 2)
    assert omtui("route", "vision-dev", str(orders), "--against", "vision-test").code in (0, 1)


def test_values_of_orders_are_left_out_where_asked(omtui: Command, orders: Path, tmp_path: Path) -> None:
    found = [omtui("route", "vision-dev", str(orders), "--no-values").out,
             omtui("route", "vision-dev", str(orders), "--no-values", "--json").out]  # fmt: skip
    for form in ("csv", "html", "xml"):
        file = tmp_path / f"result.{form}"
        omtui("route", "vision-dev", str(orders), "--no-values", "-o", str(file))
        found.append(file.read_text())
    for each in found:
        for value in ("1001", "1002", "cm5008", '"12,5"', "1200"):
            assert value not in each.replace("1,001", ""), value


def test_ambiguous_requests_are_listed_before_unrouted_ones(omtui: Command, orders: Path, samples: Path) -> None:
    path = samples / "vision-dev.toml"
    path.write_text(
        path.read_text()
        + '\n[[routing_rules]]\nname = "Also"\nactive = true\n'
        + 'when = { entity = "Order Header", attribute = "Task Type", operator = "is equal to", '
        + 'value = "Pick_From_Ravi" }\n'
        + 'then = [{ action = "Set Connector Name", value = "Connector3PL" }]\n'
    )
    answer = omtui("route", "vision-dev", str(orders), "--limit", "2")
    listed = [line.split()[4] for line in answer.out.split("Outcome")[1].splitlines()[1:3]]
    assert listed[0] == "ambiguous"


# What a weight, the published set and near misses say


def test_weights_count_in_what_changes(omtui: Command, orders: Path, samples: Path) -> None:
    text = (samples / "vision-dev.toml").read_text().replace('name = "vision-dev"', 'name = "other"')
    (samples / "other.toml").write_text(text.replace('value = "LabelConnector"', 'value = "Connector01"'))
    plain = omtui("route", "vision-dev", str(orders), "--against", "other", "--json").document
    headings = (*HEADINGS, "How many")
    write(orders, *((*line, "7") for line in LINES), (*LINES[0], "some"), headings=headings)
    (samples / "vision-dev.columns.toml").write_text('schema = 1\n[[column]]\nheading = "How many"\nis = "weight"\n')
    words = ("route", "vision-dev", str(orders), "--against", "other")
    weighted = omtui(*words, "--json").document
    assert plain["changed"] > 0
    assert (weighted["changed"], weighted["of"]) == (7 * plain["changed"], 7 * plain["of"])
    assert [each["count"] for each in weighted["changes"]] == [7 * each["count"] for each in plain["changes"]]
    assert omtui(*words).out.splitlines()[0].endswith("All counts are sums of weights.")


def test_a_rule_that_was_changed_since_it_was_published_is_named(omtui: Command, orders: Path, samples: Path) -> None:
    path = samples / "vision-dev.toml"
    path.write_text(
        path.read_text().replace('name = "Route picks"', 'name = "Route picks"\nchanged_since_publish = true')
    )
    assert (
        "Changed since they were published: Route picks."
        in omtui("route", "vision-dev", str(orders), "--published").out
    )
    assert "Changed since" not in omtui("route", "vision-dev", str(orders)).out


def test_rules_for_another_part_of_the_orders_are_only_counted(omtui: Command, samples: Path) -> None:
    rules = "".join(
        f'[[routing_rules]]\nname = "For {name}"\nactive = true\nwhen = {{ all = [\n'
        '  { entity = "Order Header", attribute = "Task Type", operator = "is equal to", value = "Pick" },\n'
        '  { entity = "Order Fulfill Line", attribute = "Warehouse", operator = "is equal to", '
        f'value = "{name}" }},\n] }}\nthen = [{{ action = "Set Connector Name", value = "C" }}]\n'
        for name in ("M1", "M2", "M3", "W4")
    )
    (samples / "many.toml").write_text(
        f'schema = 1\n[profile]\nname = "many"\nenvironment = "test"\n[[connectors]]\nname = "C"\n{rules}'
    )
    orders = samples / "orders.csv"
    orders.write_text("Order,Task Type,Warehouse\n1,Pick,w4\n")
    out = omtui("route", "many", str(orders)).out
    assert 'near For W4: Warehouse "w4" is not equal to "W4"' in out
    assert "3 rules are for another Warehouse" in out
    assert "near For M1" not in out


def test_what_is_compared_names_no_order_without_values(omtui: Command, orders: Path, samples: Path) -> None:
    text = (samples / "vision-dev.toml").read_text().replace('name = "vision-dev"', 'name = "other"')
    (samples / "other.toml").write_text(text.replace('value = "LabelConnector"', 'value = "Connector01"'))
    write(orders, (*LINES[0], "Connector99"), headings=(*HEADINGS, "Expected Connector"))
    for words in (("--against", "other"), ("--expect", str(orders))):
        assert "1001" in omtui("route", "vision-dev", str(orders), *words).out
        assert "1001" not in omtui("route", "vision-dev", str(orders), *words, "--no-values").out
