import os
import signal
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from omtui.store.database import FILE
from omtui.topology.evidence import Evidence, HttpFacts, Stop, Times
from omtui.topology.probe_history import KEPT_REVIEWS, ProbeHistory
from omtui.topology.result import ProbeResult, ProbeReview
from omtui.topology.target import Target
from omtui.topology.verdict import cancelled, judge

ROOT = Path(__file__).parents[2]


def result(name: str, status: int = 200, *, at: float = 1000.0, http: float = 5.0) -> ProbeResult:
    one = Target(
        name, "h.example", 443, "https://h.example/", "https", "http", path="/", used_by=(f"connectors[{name}]",)
    )
    evidence = Evidence(http=HttpFacts(status), times=Times(http=http))
    return ProbeResult(one, "local", "here", at, judge(one, evidence, at), evidence)


def review(*results: ProbeResult, at: float = 1000.0, profile: str = "p", vantage: str = "local") -> ProbeReview:
    return ProbeReview(profile, at, list(results), vantage=vantage, machine="here", finished=at + 1)


def recorded(history: ProbeHistory, review: ProbeReview, *, partial: bool = False) -> int:
    """Keeps a review that is over; returns its number."""
    number = history.begin(
        review.profile, review.vantage, review.machine, review.version, review.started, partial=partial
    )
    for each in review.results:
        if each.verdict.outcome != "cancelled":
            assert history.record(number, each)
    if review.finished is not None:
        assert history.finish(number, review.finished, interrupted=review.interrupted)
    return number


@pytest.fixture
def history(tmp_path: Path) -> ProbeHistory:
    return ProbeHistory(tmp_path / "state")


def test_nothing_is_known_of_what_was_never_reviewed(history: ProbeHistory) -> None:
    assert history.latest("p") == []
    assert history.reviews("p") == []
    assert history.series("p", "a") == []
    assert history.changes_since_last("p") is None


def test_a_review_is_kept_whole(history: ProbeHistory) -> None:
    number = recorded(history, review(result("a"), result("b", 404)))
    (past,) = history.reviews("p")
    assert (past.id, past.profile, past.vantage, past.machine) == (number, "p", "local", "here")
    assert past.program
    assert (past.started, past.finished, past.interrupted, past.partial) == (1000.0, 1001.0, False, False)
    ok, failed = history.results(number)
    assert (ok.name, ok.ok, ok.outcome, ok.faults, ok.milliseconds) == ("a", True, "ok", (), 5.0)
    assert (failed.name, failed.ok, failed.outcome, failed.faults) == ("b", False, "not-found", ("not-found",))
    assert failed.message
    assert failed.advice
    assert failed.used_by == ("connectors[b]",)


def test_the_latest_states_are_the_last_state_of_each_endpoint(history: ProbeHistory) -> None:
    recorded(history, review(result("a", 404, at=1000), result("b", 404, at=1000), at=1000))
    recorded(history, review(result("a", 200, at=2000), at=2000), partial=True)
    latest = history.latest("p")
    assert [(state.name, state.ok, state.at) for state in latest] == [("a", True, 2000), ("b", False, 1000)]
    assert history.latest("p", vantage="dmz") == []


def test_a_cancelled_probe_says_nothing(history: ProbeHistory) -> None:
    one = result("a")
    history.record(history.begin("p", "local", "here", "0", 1000.0), one)
    ended = ProbeResult(one.target, "local", "here", 2000.0, cancelled(one.target), Evidence())
    history.record(history.begin("p", "local", "here", "0", 2000.0), ended)
    latest = history.latest("p")
    assert latest[0].outcome == "ok"
    assert len(history.series("p", "a")) == 1


def test_a_series_is_in_the_order_of_time(history: ProbeHistory) -> None:
    for at in range(5):
        recorded(history, review(result("a", at=1000.0 + at, http=float(at)), at=1000.0 + at))
    assert [state.milliseconds for state in history.series("p", "a", limit=3)] == [2.0, 3.0, 4.0]


def test_what_changed_since_the_last_review(history: ProbeHistory) -> None:
    recorded(
        history, review(result("heals", 404), result("breaks"), result("stays"), result("goes"), result("other", 404))
    )
    recorded(history, review(result("stays", 404, at=1500), at=1500), partial=True)
    recorded(
        history,
        review(result("heals"), result("breaks", 503), result("stays"), result("comes"), result("other", 403), at=2000),
    )
    recorded(history, review(result("stays"), at=3000), partial=True)
    history.record(history.begin("p", "local", "here", "0", 4000.0), result("stays", 503, at=4000.0))
    compared = history.changes_since_last("p")
    assert compared is not None
    assert (compared.before.started, compared.after.started) == (1000.0, 2000.0)
    changes = {change.name: change.kind for change in compared.changes}
    assert changes == {"heals": "fixed", "breaks": "broken", "goes": "gone", "comes": "new", "other": "changed"}


def test_old_reviews_go(history: ProbeHistory, tmp_path: Path) -> None:
    for at in range(KEPT_REVIEWS + 5):
        number = history.begin("p", "local", "here", "0", float(at))
        history.record(number, result("a", at=float(at)))
        history.finish(number, float(at))
    recorded(history, review(result("a"), profile="other"))
    kept = history.reviews("p", limit=1000)
    assert len(kept) == KEPT_REVIEWS
    assert kept[-1].started == 5.0
    with sqlite3.connect(tmp_path / "state" / FILE) as connection:
        assert connection.execute("SELECT count(*) FROM probe_results").fetchone()[0] == KEPT_REVIEWS + 1


def test_the_file_is_private(history: ProbeHistory, tmp_path: Path) -> None:
    recorded(history, review(result("a")))
    assert stat.S_IMODE((tmp_path / "state" / FILE).stat().st_mode) == 0o600


def test_killing_the_program_loses_no_finished_result(tmp_path: Path) -> None:
    code = """
import sys, time
from pathlib import Path
from omtui.topology.probe_history import ProbeHistory
from tests.topology.test_probe_history import result
history = ProbeHistory(Path(sys.argv[1]))
number = history.begin("p", "local", "here", "0", 1000.0)
for at in range(100):
    history.record(number, result(f"t{at}"))
    print(at, flush=True)
time.sleep(60)
"""
    path = tmp_path / "state"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        for line in program.stdout:
            if line == "99\n":
                break
        os.kill(program.pid, signal.SIGKILL)
    history = ProbeHistory(path)
    (past,) = history.reviews("p")
    assert past.finished is None
    assert len(history.results(past.id)) == 100
    latest = history.latest("p")
    assert sum(state.ok for state in latest) == 100


def test_killed_while_it_wrote_the_history_can_be_looked_at_at_once(history: ProbeHistory, tmp_path: Path) -> None:
    """What the killed program had half written must be taken back, and whoever looks first is the one to do it."""
    recorded(history, ProbeReview("acme-dev", 1.0, [result("a")], finished=2.0))
    writer = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN")
connection.execute("CREATE TABLE half (a)")
connection.executemany("INSERT INTO half VALUES (?)", (("x" * 900,) for _ in range(300)))
os.kill(os.getpid(), signal.SIGKILL)
"""
    path = tmp_path / "state" / FILE
    killed = subprocess.run([sys.executable, "-c", writer, str(path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert Path(f"{path}-journal").exists()
    assert history.latest("acme-dev")


def test_two_programs_at_once(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from omtui.topology.probe_history import ProbeHistory
from tests.topology.test_probe_history import result
history = ProbeHistory(Path(sys.argv[1]))
number = history.begin(sys.argv[2], "local", "here", "0", 1000.0)
kept = [history.record(number, result(f"t{at}")) for at in range(50)]
assert all(kept) and history.finish(number, 1001.0), history.trouble
"""
    path = tmp_path / "state"
    programs = [
        subprocess.Popen([sys.executable, "-c", code, str(path), name], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for name in ("p", "q")
    ]
    for program in programs:
        _, complaints = program.communicate(timeout=60)
        assert program.returncode == 0, complaints
    history = ProbeHistory(path)
    for name in ("p", "q"):
        latest = history.latest(name)
        assert sum(state.ok for state in latest) == 50


def test_the_tables_come_all_at_once(tmp_path: Path) -> None:
    """Whoever looks while another program makes them sees none or all."""
    for number in range(20):
        path = tmp_path / f"{number}"
        with ThreadPoolExecutor(8) as programs:
            looks = [programs.submit(ProbeHistory(path).reviews, "p") for _ in range(8)]
        assert [look.result() for look in looks] == [[]] * 8


def test_a_newer_file_is_refused_and_left_alone(history: ProbeHistory, tmp_path: Path) -> None:
    number = recorded(history, review(result("a")))
    with sqlite3.connect(tmp_path / "state" / FILE) as connection:
        connection.execute("UPDATE journal_schema SET version = 99")
    later = ProbeHistory(tmp_path / "state")
    assert later.latest("p") == []
    assert not later.begin("p", "local", "here", "0", 2000.0)
    assert "newer omtui" in later.trouble
    with sqlite3.connect(tmp_path / "state" / FILE) as connection:
        assert connection.execute("SELECT review FROM probe_results").fetchall() == [(number,)]


def test_a_file_that_is_no_database_is_put_aside_and_reported(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"this is no database, although its name says so" * 50)
    history = ProbeHistory(tmp_path)
    assert history.latest("p") == []
    assert (tmp_path / FILE).read_bytes().startswith(b"this is no database"), "looking changes nothing"
    recorded(history, review(result("a")))
    assert FILE in history.trouble
    [aside] = tmp_path.glob(f"{FILE}.damaged-*")
    assert aside.read_bytes().startswith(b"this is no database")


def test_where_nothing_was_kept_looking_makes_no_file(history: ProbeHistory, tmp_path: Path) -> None:
    assert history.latest("p") == []
    assert not (tmp_path / "state").exists()


def test_what_cannot_be_kept_is_reported(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, where the folder should be")
    history = ProbeHistory(tmp_path / "state")
    assert not history.begin("p", "local", "here", "0", 1000.0)
    assert FILE in history.trouble


def test_a_history_of_an_earlier_omtui_is_read(tmp_path: Path) -> None:
    """It kept a version of its own tables next to them."""
    number = recorded(ProbeHistory(tmp_path), review(result("a")))
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("CREATE TABLE probe_schema (version INTEGER NOT NULL)")
        connection.execute("INSERT INTO probe_schema VALUES (1)")
        connection.execute("DROP TABLE journal_schema")
    assert [each.name for each in ProbeHistory(tmp_path).results(number)] == ["a"]


def test_other_tables_of_the_file_are_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("CREATE TABLE journal (x)")
        connection.execute("PRAGMA user_version = 7")
    recorded(ProbeHistory(tmp_path), review(result("a")))
    with sqlite3.connect(tmp_path / FILE) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == 7
        assert connection.execute("SELECT count(*) FROM journal").fetchone()[0] == 0


def test_faults_are_kept_in_their_order(history: ProbeHistory) -> None:
    one = Target("a", "h.example", 443, None, "tcp", "open")
    evidence = Evidence(stop=Stop("refused"))
    number = recorded(history, review(ProbeResult(one, "local", "here", 1.0, judge(one, evidence, 1.0), evidence)))
    assert history.results(number)[0].faults == ("refused",)
