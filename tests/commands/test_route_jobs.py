"""route over several files and processes, and when it is broken off: what is written is whole, and says what it is."""

import csv
import json
import random
import signal
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from omtui.commands import route_processes
from omtui.commands.progress_line import ProgressLine
from omtui.commands.route_work import RouteJob
from tests.commands.conftest import Command

HEADINGS = ("OrderNumber", "LineNumber", "Process Name", "Item", "Ordered Quantity", "Expected Connector")
CELLS = (
    ("1", "2", "3", ""),
    ("1", "2"),
    ("Vision_Pick_Process", "Vision_Pick_Process", "Nothing", ""),
    ("CM5008", "cm5008", "AS54888", "=1", ""),
    ("5", "1200", "12,5", ""),
    ("Connector01", "(unrouted)", "", "(lost)"),
)


@pytest.fixture(autouse=True)
def _three_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omtui.commands.route.cores", lambda: 3)


def random_files(source: random.Random, folder: Path) -> list[str]:
    files = []
    for number in range(source.randint(2, 5)):
        path = folder / f"orders-{number}.csv"
        rows = [[source.choice(each) for each in CELLS] for _ in range(source.choice((0, 1, 7, 300)))]
        if rows and source.random() < 0.3:
            rows[-1] = rows[-1][:3]  # a line of another width
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([HEADINGS, *rows])
        files.append(str(path))
    return files


FORMS = ((), ("--json",), ("--summary",), ("--json", "--summary"), ("--json", "--only", "unrouted"), ("--limit", "2"),
         ("-o", "x.csv"), ("-o", "x.json"), ("-o", "x.html"), ("-o", "x.xml"), ("--against", "vision-test"),
         ("--against", "vision-test", "--json"), ("--expect", "COLUMN", "--json"),
         ("--expect", "COLUMN", "-o", "x.xml"),
         ("--no-values",), ("--no-values", "-o", "x.csv"))  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=" ".join)
def test_several_processes_say_what_one_says(
    omtui: Command, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    source = random.Random(" ".join(form))
    files = random_files(source, tmp_path)
    form = tuple(files[0] if word == "COLUMN" else word for word in form)
    words = ("route", "vision-dev", *files, *form, "--as-of", "2026-11-30")
    said = []
    for jobs in ((), ("--jobs", "1"), ("--jobs", "2"), ("--jobs", "9")):
        answer = omtui(*words, *jobs)
        written = [path.read_bytes() for path in sorted(tmp_path.glob("x.*"))]
        assert len(written) == ("-o" in form)
        said.append((answer.code, answer.out, answer.err, written))
    assert said[0][0] in (0, 1)
    assert said == [said[0]] * 4


def test_a_file_that_cannot_be_read_ends_it_alike(omtui: Command, samples: Path, tmp_path: Path) -> None:
    files = random_files(random.Random(1), tmp_path)
    Path(files[1]).write_text('OrderNumber,Item\n1,"open')
    said = [omtui("route", "vision-dev", *files, "--as-of", "2026-11-30", "--json", "--jobs", n) for n in "13"]
    assert said[0] == said[1]
    assert (said[0].code, "line" in said[0].err) == (2, True)
    document = said[0].document
    assert document["partial"] is True
    assert [each["partial"] for each in document["files"]] == [False, True]
    target = tmp_path / "x.json"
    assert omtui("route", "vision-dev", *files, "--jobs", "3", "-o", str(target)).code == 2
    assert not target.exists()


@pytest.mark.parametrize(("jobs", "words"), [("0", "0 is no number"), ("many", "many is no number")])
def test_wrong_numbers_of_processes(omtui: Command, samples: Path, tmp_path: Path, jobs: str, words: str) -> None:
    answer = omtui("route", "vision-dev", *random_files(random.Random(1), tmp_path), "--jobs", jobs)
    assert (answer.code, words in answer.err) == (2, True)
    answer = omtui("route", "vision-dev", "-", "-", "--jobs", "2")
    assert (answer.code, "standard input cannot be read by several" in answer.err) == (2, True)


def test_a_process_that_dies_is_reported(
    omtui: Command, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = random_files(random.Random(1), tmp_path)
    started = route_processes._RoutingChild.__init__

    def killed(child: route_processes._RoutingChild, job: RouteJob, folder: Path | None) -> None:
        started(child, job, folder)
        if job.file == files[1]:
            child._process.kill()

    monkeypatch.setattr(route_processes._RoutingChild, "__init__", killed)
    answer = omtui("route", "vision-dev", *files, "--summary", "--jobs", "2")
    assert answer.code == 3
    assert "the process that routed" in answer.err
    assert "ended before it was done (signal 9); free memory, or leave out --jobs" in answer.err
    assert "orders-0.csv" in answer.out


# Ctrl+C


LONG = 30_000
"""Lines of a file that nobody routes, with reasons, before the first report of its progress."""


def long_files(folder: Path) -> list[str]:
    files = []
    for name in ("first", "second"):
        path = folder / f"{name}.csv"
        line = "1,1,Vision_Pick_Process,CM5008,5,Connector01\n"
        path.write_text(f"{','.join(HEADINGS)}\n{line * LONG}")
        files.append(str(path))
    return files


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C comes when the progress is shown for the first time after some lines."""

    def show(_: object, words: Callable[[float], str]) -> None:
        if not words(1.0).startswith("0 lines"):
            monkeypatch.undo()
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("omtui.commands.route.cores", lambda: 3)
    monkeypatch.setattr(ProgressLine, "show", show)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("form", ["json", "csv", "html", "xml"])
def test_what_was_judged_before_ctrl_c_is_written_and_says_so(
    omtui: Command, samples: Path, tmp_path: Path, interrupted: None, jobs: str, form: str
) -> None:
    target = tmp_path / f"x.{form}"
    answer = omtui("route", "vision-dev", *long_files(tmp_path), "--jobs", jobs, "-o", str(target))
    assert answer.code == 130, answer.err
    assert "written as far as it was judged to " in answer.err
    assert "omtui route: interrupted; " in answer.err
    assert " of 2 files were judged" in answer.err
    text = target.read_text()
    if form == "json":
        document = json.loads(text)
        assert document["partial"] is True
        judged = sum(each["lines"] for each in document["files"])
        assert 0 < judged < 2 * LONG
        assert len(document["results"]) == sum(document["counts"].values()) == 6 * judged
    elif form == "csv":
        rows = list(csv.DictReader(text.splitlines()))
        assert rows[-1]["Outcome"] == "(partial)"
        assert {len(row) for row in rows} == {9}
        assert (len(rows) - 1) % 6 == 0
    elif form == "html":
        assert "Partial: interrupted; " in text
    else:
        failures = ElementTree.fromstring(text).iter("failure")
        assert any(each.get("type") == "partial" for each in failures)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_a_document_on_standard_output_whole(
    omtui: Command, samples: Path, tmp_path: Path, interrupted: None, jobs: str
) -> None:
    answer = omtui("route", "vision-dev", *long_files(tmp_path), "--jobs", jobs, "--json")
    assert (answer.code, answer.document["partial"]) == (130, True)


def test_the_counts_of_what_was_judged_are_shown(
    omtui: Command, samples: Path, tmp_path: Path, interrupted: None
) -> None:
    answer = omtui("route", "vision-dev", long_files(tmp_path)[0])
    assert answer.code == 130
    assert "omtui route: interrupted; 256 lines of first.csv were judged" in answer.err
    assert "vision-dev: 256 lines of first.csv" in answer.out


# --expect with -o


def test_expectations_are_results_for_a_build(omtui: Command, samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "expected.csv"
    path.write_text(
        "Order,Line,Task Type,Item,Expected Connector\n"
        "1,1,Invoice,CM5008,Connector01\n1,2,Invoice,X,(unrouted)\n1,3,Invoice,X,Connector01\n1,4,Invoice,X,\n"
    )
    target = tmp_path / "x.xml"
    answer = omtui("route", "vision-dev", "--expect", str(path), "-o", str(target))
    assert (answer.code, answer.out) == (1, "")
    suites = ElementTree.fromstring(target.read_text())
    assert (suites.get("tests"), suites.get("failures")) == ("3", "1")
    (failure,) = suites.iter("failure")
    assert failure.get("message") == "Connector01 is expected, and it goes to (unrouted)"
    others = tmp_path / "orders.csv"
    others.write_text("Order,Line,Task Type,Item\n1,1,Invoice,CM5008\n")
    omtui("route", "vision-dev", str(others), "--expect", str(path), "-o", str(target))
    failures = ElementTree.fromstring(target.read_text()).iter("failure")
    assert [each.get("message") for each in failures] == [
        "(unrouted) is expected, and no line has such a request",
        "Connector01 is expected, and no line has such a request",
    ]
    omtui("route", "vision-dev", "--expect", str(path), "-o", str(target), "--no-values")
    assert "order 1" not in target.read_text()
    for form in ("csv", "json", "html"):
        assert omtui("route", "vision-dev", "--expect", str(path), "-o", str(tmp_path / f"x.{form}")).code == 1
    assert [row["Line"] for row in csv.DictReader((tmp_path / "x.csv").read_text().splitlines())] == ["3"]
    assert json.loads((tmp_path / "x.json").read_text())["of"] == 3


def test_what_one_of_several_files_has_no_request_for_another_may_have(
    omtui: Command, samples: Path, tmp_path: Path
) -> None:
    expected = tmp_path / "expected.csv"
    expected.write_text("Order,Line,Expected Connector\n1,1,Connector01\n2,1,Connector01\n")
    files = []
    for order in "12":
        files.append(tmp_path / f"{order}.csv")
        files[-1].write_text(f"Order,Line,Task Type,Item\n{order},1,Invoice,CM5008\n")
    answer = omtui("route", "vision-dev", *map(str, files), "--expect", str(expected))
    assert (answer.code, answer.out.splitlines()[0]) == (0, "2 of 2 expectations are met.")
