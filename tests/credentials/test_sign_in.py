"""Trying a password: once, over proven TLS, never again by itself, and nothing of it remains."""

import logging
import queue
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from omtui.credentials.answer import Absent, Reason, SecretProblem
from omtui.credentials.destination import Destination, destination
from omtui.credentials.machine import Machine
from omtui.credentials.record import SecretReference
from omtui.credentials.redact import protect_logging
from omtui.credentials.secret import Secret
from omtui.credentials.sign_in import SignIn, SignInOutcome, proxy_for, shown_proxy, try_sign_in
from omtui.credentials.sign_in_history import Attempted, begin, finish, history, last, too_soon
from omtui.credentials.store import StoreKind
from omtui.practice.authority import self_signed
from omtui.service.secrets import Leave, TrialPlan
from tests.credentials.conftest import secrets_of
from tests.credentials.profiles import profile
from tests.credentials.web_server import PASSWORD, USER, Answer, Server, authority, basic


def to(server: Server, user: str = USER) -> Destination:
    found = destination(server.url(), user)
    assert isinstance(found, Destination)
    return found


def tried(server: Server, password: str = PASSWORD, **options: Any) -> SignIn:
    options = {"allow_plain_http": True} | options
    result = try_sign_in(server.url(), to(server), Secret(password), **options)
    assert isinstance(result, SignIn), result
    assert password not in repr(result)
    return result


def answering(before: int, after: int, **headers: str) -> Answer:
    def answer(server: Server, authorization: str | None) -> tuple[int, dict[str, str]]:
        return (after if authorization else before), {name.replace("_", "-"): value for name, value in headers.items()}

    return answer


def test_the_right_password_is_accepted_and_sent_once() -> None:
    with Server() as server:
        result = tried(server)
    assert result.outcome is SignInOutcome.ACCEPTED
    assert result.good
    assert result.status == 200
    assert server.authorizations == [None, basic()]


def test_a_wrong_password_is_sent_once_and_never_again() -> None:
    with Server() as server:
        result = tried(server, "another-guess-77")
    assert result.outcome is SignInOutcome.REFUSED
    assert result.secret_sent
    assert server.secrets_sent == 1
    assert "locked" in result.message


@pytest.mark.parametrize(
    ("before", "after", "outcome", "sent"),
    [
        (200, 200, SignInOutcome.NOT_ASKED, 0),
        (503, 200, SignInOutcome.UNCLEAR, 0),
        (401, 403, SignInOutcome.WITHOUT_PRIVILEGE, 1),
        (401, 404, SignInOutcome.ACCEPTED, 1),
        (401, 405, SignInOutcome.ACCEPTED, 1),
        (401, 500, SignInOutcome.UNCLEAR, 1),
        (401, 302, SignInOutcome.UNCLEAR, 1),
        (403, 200, SignInOutcome.ACCEPTED, 1),
        (403, 403, SignInOutcome.UNCLEAR, 1),
        (404, 404, SignInOutcome.UNCLEAR, 1),
        (403, 401, SignInOutcome.REFUSED, 1),
        (407, 200, SignInOutcome.UNREACHABLE, 0),
    ],
)
def test_what_the_statuses_mean(before: int, after: int, outcome: SignInOutcome, sent: int) -> None:
    with Server(answering(before, after)) as server:
        result = tried(server)
    assert result.outcome is outcome
    assert server.secrets_sent == sent
    assert result.secret_sent is bool(sent)


def test_another_kind_of_sign_in_gets_no_password() -> None:
    with Server(answering(401, 200, WWW_Authenticate="Negotiate")) as server:
        result = tried(server)
    assert result.outcome is SignInOutcome.NOT_OFFERED
    assert server.secrets_sent == 0


def test_a_redirect_is_not_followed() -> None:
    with Server() as evil, Server(answering(302, 302, Location=evil.url())) as server:
        result = tried(server)
    assert result.outcome is SignInOutcome.UNCLEAR
    assert evil.requests == []


def test_plain_http_is_refused_before_anything_is_sent() -> None:
    with Server() as server:
        refused = try_sign_in(server.url(), to(server), Secret(PASSWORD))
        assert isinstance(refused, SecretProblem)
        assert refused.reason is Reason.PLAIN_HTTP
        assert server.requests == []


def test_over_tls_with_a_known_authority(tmp_path: Path) -> None:
    ca, file = authority(tmp_path)
    with Server(tls=ca.issue(), folder=tmp_path) as server:
        assert tried(server, ca_file=file).outcome is SignInOutcome.ACCEPTED


@pytest.mark.parametrize("fault", ["unknown authority", "self-signed", "wrong name", "expired"])
def test_a_certificate_that_fails_keeps_the_password_here(tmp_path: Path, fault: str) -> None:
    ca, file = authority(tmp_path)
    identity = {
        "unknown authority": ca.issue(),
        "self-signed": self_signed(),
        "wrong name": ca.issue(("other.example",)),
        "expired": ca.issue(days=(-10, -1)),
    }[fault]
    trusted = None if fault in ("unknown authority", "self-signed") else file
    with Server(tls=identity, folder=tmp_path) as server:
        result = tried(server, ca_file=trusted)
        assert result.outcome is SignInOutcome.BAD_CERTIFICATE
        assert not result.secret_sent
        assert server.requests == []
        allowed = tried(server, ca_file=trusted, allow_bad_certificate=True)
        assert allowed.outcome is SignInOutcome.ACCEPTED
        assert tried(server, ca_file=trusted).outcome is SignInOutcome.BAD_CERTIFICATE


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "http://localhost:1/",
        "http://localhost@evil.example/",
        "http://localhost\\@evil.example/",
        "",
    ],
)
def test_the_address_must_lead_where_the_secret_was_released_for(url: str) -> None:
    here = Destination("http", "localhost", 4711, USER)
    refused = try_sign_in(url, here, Secret(PASSWORD), allow_plain_http=True)
    assert isinstance(refused, SecretProblem)
    assert refused.reason is Reason.NO_DESTINATION


def test_two_readers_of_one_address_must_agree() -> None:
    """A snowman has a name by the older rules only, and httpx knows none: such a host is not sent a password."""
    url = "https://\u2603.example/"
    here = destination(url, USER)
    assert isinstance(here, Destination)
    refused = try_sign_in(url, here, Secret(PASSWORD))
    assert isinstance(refused, SecretProblem)


@pytest.mark.parametrize("user", ["", "a:b"])
def test_a_user_that_basic_cannot_carry(user: str) -> None:
    with Server() as server:
        refused = try_sign_in(server.url(), to(server, user), Secret(PASSWORD), allow_plain_http=True)
    assert isinstance(refused, SecretProblem)


@pytest.mark.parametrize("password", ["", "pässwörd 🎉", "with:colon", "line\nend", "x" * 4000])
def test_every_password_arrives_as_it_is(password: str) -> None:
    with Server(answering(401, 200)) as server:
        tried(server, password or "") if password else try_sign_in(
            server.url(), to(server), Secret(""), allow_plain_http=True
        )
    assert server.authorizations[1] == basic(password=password)


def silent_server() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def test_a_server_that_never_answers_is_left_in_time() -> None:
    with silent_server() as listener:
        url = f"http://localhost:{listener.getsockname()[1]}/"
        here = destination(url, USER)
        assert isinstance(here, Destination)
        started = time.monotonic()
        result = try_sign_in(url, here, Secret(PASSWORD), allow_plain_http=True, seconds=0.5)
        assert isinstance(result, SignIn)
        assert result.outcome is SignInOutcome.UNREACHABLE
        assert time.monotonic() - started < 3


def test_a_server_that_drips_headers_for_ever_is_left_in_time() -> None:
    stop = threading.Event()

    def drip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 401 Unauthorized\r\n")
            while not stop.wait(0.05):
                try:
                    connection.sendall(b"X-Drip: 1\r\n")
                except OSError:
                    return

    with silent_server() as listener:
        thread = threading.Thread(target=drip, args=(listener,), daemon=True)
        thread.start()
        url = f"http://localhost:{listener.getsockname()[1]}/"
        here = destination(url, USER)
        assert isinstance(here, Destination)
        result = try_sign_in(url, here, Secret(PASSWORD), allow_plain_http=True, seconds=0.7)
        assert isinstance(result, SignIn)
        assert result.outcome is SignInOutcome.UNREACHABLE
        assert not result.secret_sent
        stop.set()
        thread.join()


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 999999 x\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x46"]
)
def test_what_is_no_web_server_is_no_crash(answer: bytes) -> None:
    def reply(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(answer)

    with silent_server() as listener:
        thread = threading.Thread(target=reply, args=(listener,), daemon=True)
        thread.start()
        url = f"http://localhost:{listener.getsockname()[1]}/"
        here = destination(url, USER)
        assert isinstance(here, Destination)
        result = try_sign_in(url, here, Secret(PASSWORD), allow_plain_http=True)
        thread.join()
    assert isinstance(result, SignIn)
    assert result.outcome in (SignInOutcome.UNREACHABLE, SignInOutcome.UNCLEAR)
    assert not result.secret_sent


def test_nobody_listening() -> None:
    with silent_server() as listener:
        port = listener.getsockname()[1]
    here = Destination("http", "localhost", port, USER)
    result = try_sign_in(f"http://localhost:{port}/", here, Secret(PASSWORD), allow_plain_http=True)
    assert isinstance(result, SignIn)
    assert result.outcome is SignInOutcome.UNREACHABLE


def test_nothing_of_the_password_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), Server() as server:
        tried(server)
        tried(server, "another-guess-77")
    assert caplog.records
    for hidden in (PASSWORD, "another-guess-77", basic().split()[1], basic(password="another-guess-77").split()[1]):
        assert hidden not in caplog.text


def test_a_server_that_echoes_the_password_shows_it_to_nobody(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "_logRecordFactory", logging.LogRecord)
    protect_logging()

    def echo(server: Server, authorization: str | None) -> tuple[int, dict[str, str]]:
        return 401, {"WWW-Authenticate": f"Basic realm={authorization}", "X-Echo": PASSWORD}

    with caplog.at_level(logging.DEBUG), Server(echo) as server:
        result = tried(server)
    for hidden in (PASSWORD, basic().split()[1]):
        assert hidden not in repr(result)
        assert hidden not in caplog.text
    assert "X-Echo" in caplog.text


def test_netrc_is_never_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine localhost login other password from-netrc\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with Server() as server:
        tried(server)
    assert server.authorizations == [None, basic()]


def test_the_proxy_of_the_environment_is_told_and_its_own_password_is_not() -> None:
    here = Destination("https", "pod.example", 443, USER)
    environ = {"HTTPS_PROXY": "http://me:proxy-password@proxy.example:3128", "NO_PROXY": "pick.example"}
    proxy = proxy_for(here, environ)
    assert proxy == "http://me:proxy-password@proxy.example:3128"
    assert shown_proxy(proxy) == "http://proxy.example:3128"
    assert proxy_for(Destination("https", "soa.pick.example", 8002, USER), environ) is None
    assert proxy_for(here, {"https_proxy": "http://low.example:1", "HTTPS_PROXY": "http://high.example:1"}) == (
        "http://low.example:1"
    )
    assert proxy_for(here, {"ALL_PROXY": "http://all.example:1"}) == "http://all.example:1"
    assert proxy_for(here, {"HTTP_PROXY": "http://other.example:1"}) is None
    assert proxy_for(here, {}) is None


def test_a_proxy_is_used_only_as_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(answering(401, 200)) as proxy, Server() as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url("", "127.0.0.1"))
        assert tried(server).outcome is SignInOutcome.ACCEPTED
        assert proxy.requests == []
        result = tried(server, proxy=proxy.url("", "127.0.0.1"))
        assert result.proxy == proxy.url("", "127.0.0.1")
        assert len(proxy.requests) == 2


def test_a_proxy_of_an_unknown_kind_is_an_answer() -> None:
    with Server() as server:
        for proxy in ("socks5://127.0.0.1:1", "rubbish://x", "not a url"):
            refused = try_sign_in(server.url(), to(server), Secret(PASSWORD), allow_plain_http=True, proxy=proxy)
            assert isinstance(refused, SecretProblem), proxy
    assert server.requests == []


def test_a_ca_file_that_is_none_is_an_answer(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    for file in (tmp_path / "ca.pem", tmp_path / "none.pem", tmp_path):
        here = Destination("https", "localhost", 1, USER)
        assert isinstance(try_sign_in("https://localhost:1/", here, Secret(PASSWORD), ca_file=file), SecretProblem)


# The verb, with what it remembers


@pytest.fixture
def own(machine: Machine) -> Machine:
    machine.choose(StoreKind.MEMORY)
    return machine


def of(server: Server) -> dict[str, Any]:
    return profile(
        connectors=[{"name": "EventConnector", "url": server.url(), "user_name": USER, "credential": "events"}]
    )


def test_a_refused_password_is_not_tried_again_until_it_is_changed(own: Machine) -> None:
    with Server() as server:
        data = of(server)
        secrets_of(own).keep(data, "events", Secret("another-guess-77"))
        first = secrets_of(own).attempt(data, "events", leave=Leave(plain_http=True))
        assert isinstance(first, SignIn)
        assert first.outcome is SignInOutcome.REFUSED
        again = secrets_of(own).attempt(data, "events", leave=Leave(plain_http=True))
        assert isinstance(again, SecretProblem)
        assert again.reason is Reason.REFUSED_BEFORE
        assert server.secrets_sent == 1
        secrets_of(own).keep(data, "events", Secret(PASSWORD))
        better = secrets_of(own).attempt(data, "events", leave=Leave(plain_http=True))
        assert isinstance(better, SignIn)
        assert better.good
        plan = secrets_of(own).plan(data, "events")
        assert isinstance(plan, TrialPlan)
        assert plan.last is not None
        assert plan.last.good


def test_answers_that_tell_nothing_count_as_refusals(own: Machine) -> None:
    """Oracle's web services say 500 to a wrong password."""
    with Server(answering(401, 500)) as server:
        data = of(server)
        secrets_of(own).keep(data, "events", Secret(PASSWORD))
        for _ in range(3):
            assert isinstance(secrets_of(own).attempt(data, "events", leave=Leave(plain_http=True)), SignIn)
        assert isinstance(secrets_of(own).attempt(data, "events", leave=Leave(plain_http=True)), SecretProblem)
        assert server.secrets_sent == 3


def test_nothing_is_sent_that_cannot_be_noted(own: Machine) -> None:
    """What nobody remembers would be sent again, until the account is locked."""
    with Server() as server:
        data = of(server)
        secrets_of(own).keep(data, "events", Secret(PASSWORD))
        own.folders.data.mkdir(parents=True)
        own.folders.sign_ins.with_name(".sign-ins.json.lock").mkdir()
        assert isinstance(secrets_of(own).attempt(data, "events", leave=Leave(plain_http=True)), SecretProblem)
        assert server.secrets_sent == 0


def test_of_several_attempts_at_once_one_is_made(own: Machine) -> None:
    others_ended = threading.Event()

    def slowly(server: Server, authorization: str | None) -> tuple[int, dict[str, str]]:
        if authorization:
            others_ended.wait(20)
        return 401, {"WWW-Authenticate": "Basic realm=x"}

    with Server(slowly) as server:
        data = of(server)
        secrets_of(own).keep(data, "events", Secret("wrong-password"))
        answers: queue.Queue[object] = queue.Queue()

        def attempt() -> None:
            answers.put(secrets_of(own).attempt(data, "events", leave=Leave(plain_http=True)))

        threads = [threading.Thread(target=attempt) for _ in range(6)]
        for thread in threads:
            thread.start()
        refused = [answers.get(timeout=20) for _ in range(5)]
        others_ended.set()
        last_one = answers.get(timeout=20)
        for thread in threads:
            thread.join(20)
        assert all(isinstance(each, SecretProblem) and each.reason is Reason.REFUSED_BEFORE for each in refused), (
            refused
        )
        assert isinstance(last_one, SignIn)
        assert last_one.outcome is SignInOutcome.REFUSED
        assert server.secrets_sent == 1
        assert [each.sign_in.outcome for each in attempts_of(own)] == [SignInOutcome.REFUSED]


def attempts_of(machine: Machine) -> list[Attempted]:
    found = history(machine.folders.sign_ins)
    assert isinstance(found, list)
    return found


def test_an_attempt_that_was_cut_off_counts_as_one_that_tells_nothing(own: Machine) -> None:
    here, file = Destination("https", "pod.example", 443, USER), own.folders.sign_ins
    one, set_on = SecretReference("vision-dev", "pod"), datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(3):  # killed each time, a minute and more apart
        moment = datetime(2026, 11, 23, 12, 2 * number, tzinfo=UTC)
        assert isinstance(begin(file, one, here, set_on, again=False, now=moment), Attempted)
        soon = begin(file, one, here, set_on, again=False, now=moment + timedelta(seconds=20))
        assert isinstance(soon, SecretProblem)
        assert "under way" in soon.message or "within an hour" in soon.message
    later = datetime(2026, 11, 23, 12, 10, tzinfo=UTC)
    assert isinstance(begin(file, one, here, set_on, again=False, now=later), SecretProblem)
    assert isinstance(begin(file, one, here, set_on, again=True, now=later), Attempted)
    assert isinstance(begin(file, one, here, set_on, again=False, now=later + timedelta(hours=2)), Attempted)


def test_after_giving_up_the_password_is_not_sent() -> None:
    """The server answers the first request after the deadline: the second one must not follow."""
    asked, go_on = threading.Event(), threading.Event()

    def late(server: Server, authorization: str | None) -> tuple[int, dict[str, str]]:
        asked.set()
        go_on.wait(10)
        return 401, {"WWW-Authenticate": "Basic"}

    with Server(late) as server:
        result = tried(server, seconds=0.3)
        assert result.outcome is SignInOutcome.UNREACHABLE
        assert not result.secret_sent
        go_on.set()
        deadline = time.monotonic() + 10
        while any(thread.name == "credential-store" for thread in threading.enumerate()):
            assert time.monotonic() < deadline
            time.sleep(0.01)
    assert asked.is_set()
    assert server.secrets_sent == 0


def test_an_account_is_not_locked_by_guessing(own: Machine) -> None:
    with Server() as server:
        data = of(server)
        for number in range(3):
            secrets_of(own).keep(data, "events", Secret(f"guess {number}"))
            assert isinstance(secrets_of(own).attempt(data, "events", leave=Leave(plain_http=True)), SignIn)
        secrets_of(own).keep(data, "events", Secret("guess 4"))
        stopped = secrets_of(own).attempt(data, "events", leave=Leave(plain_http=True))
        assert isinstance(stopped, SecretProblem)
        assert "five" in stopped.message
        assert server.secrets_sent == 3
        on_purpose = secrets_of(own).attempt(data, "events", leave=Leave(plain_http=True, again=True))
        assert isinstance(on_purpose, SignIn)
        assert server.secrets_sent == 4


def test_what_is_remembered_holds_no_secret(own: Machine) -> None:
    with Server() as server:
        data = of(server)
        secrets_of(own).keep(data, "events", Secret("another-guess-77"))
        secrets_of(own).attempt(data, "events", leave=Leave(plain_http=True))
    text = own.folders.sign_ins.read_text()
    assert "refused" in text
    assert "another-guess-77" not in text
    assert basic(password="another-guess-77").split()[1] not in text


def test_a_changed_host_gets_a_refusal_and_no_request(own: Machine) -> None:
    with Server() as server, Server() as evil:
        data = of(server)
        secrets_of(own).keep(data, "events", Secret(PASSWORD))
        refused = secrets_of(own).attempt(of(evil), "events", leave=Leave(plain_http=True))
        assert isinstance(refused, SecretProblem)
        assert refused.reason is Reason.BOUND_ELSEWHERE
        assert f"localhost:{server.port}" in refused.message
        assert f"localhost:{evil.port}" in refused.message
        assert evil.requests == []


def test_the_pod_is_asked_at_its_rest_service(own: Machine) -> None:
    with Server() as server:
        data = profile(pod={"url": server.url("/"), "user_name": USER, "credential": "pod"}, integration_users=[])
        secrets_of(own).keep(data, "pod", Secret(PASSWORD))
        result = secrets_of(own).attempt(data, "pod", leave=Leave(plain_http=True))
        assert isinstance(result, SignIn)
        assert result.good
        assert server.requests[-1] == "GET /fscmRestApi/resources HTTP/1.1"


def test_what_cannot_be_tested_says_why(own: Machine) -> None:
    data = profile()
    for name, reason in (
        ("label-key", Reason.NO_DESTINATION),
        ("spare", Reason.NO_DESTINATION),
        ("hunter2", Reason.UNKNOWN_CREDENTIAL),
    ):
        refused = secrets_of(own).attempt(data, name)
        assert isinstance(refused, SecretProblem)
        assert refused.reason is reason
        assert "hunter2" not in refused.message + refused.fix
    assert secrets_of(own).attempt(data, "pod") == Absent()
    data["connectors"][1]["url"] = "https://other.example/"
    several = secrets_of(own).plan(data, "pick")
    assert isinstance(several, SecretProblem)
    assert "connectors[Connector01], connectors[Connector 02]" in several.message
    one = secrets_of(own).plan(data, "pick", "connectors[Connector 02]")
    assert isinstance(one, TrialPlan)
    assert one.destination.host == "other.example"


def attempt(outcome: SignInOutcome, on: datetime, name: str = "pod") -> Attempted:
    here = Destination("https", "pod.example", 443, USER)
    return Attempted(SecretReference("vision-dev", name), SignIn(outcome, here, on, True, "message", 401))


def test_old_refusals_do_not_count() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    tests = [attempt(SignInOutcome.REFUSED, now - timedelta(minutes=minutes), "other") for minutes in (70, 50, 10)]
    here = tests[0].sign_in.destination
    assert too_soon(tests, SecretReference("vision-dev", "pod"), here, now, now) is None
    assert too_soon([*tests, tests[-1]], SecretReference("vision-dev", "pod"), here, now, now) is not None
    assert (
        too_soon(
            [*tests, tests[-1]], SecretReference("vision-dev", "pod"), Destination("https", "b", 1, USER), now, now
        )
        is None
    )


def test_the_history_reads_back_and_survives_damage(tmp_path: Path) -> None:
    file = tmp_path / "own" / "sign-ins.json"
    one = attempt(SignInOutcome.ACCEPTED, datetime(2026, 11, 23, 12, tzinfo=UTC))
    assert history(file) == []
    done = one.sign_in
    for count in (1, 2):
        begun = begin(file, one.reference, done.destination, done.on, again=True)
        assert isinstance(begun, Attempted)
        assert finish(file, begun, done) is None
        assert history(file) == [one] * count
    assert last([one], one.reference, done.destination) == done
    for damaged in (b"", b"[]", b'{"tests": [1, {}]}', b"[" * 100_000, b"\xff"):
        file.write_bytes(damaged)
        assert history(file) == []
    begun = begin(file, one.reference, done.destination, done.on, again=False)
    assert isinstance(begun, Attempted)
    assert history(file) == [begun]
    assert finish(file, begun, None) is None
    assert history(file) == []
