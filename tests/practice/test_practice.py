"""The practice starts, says what Oracle would say, and leaves nothing behind."""

import base64
import socket
import ssl
import threading
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from omtui.practice.lessons import HEALTHY, LESSONS
from omtui.practice.pod import PASSWORD, USER_NAME
from omtui.practice.practice import Practice, running
from omtui.practice.profiles import BROKEN, DEV, TEST, sample_profiles, write_profiles
from omtui.topology.oracle_services import CONNECTOR_PATH, REST_ROOT, SERVICES
from omtui.topology.review import run_review
from omtui.topology.targets import collect
from omtui.topology.words import WORDS


@pytest.fixture(scope="module")
def practice() -> Iterator[Practice]:
    with running() as started:
        yield started


def get(practice: Practice, url: str, *, sign_in: bool = False, method: str = "GET") -> tuple[int, bytes, str]:
    """With the standard library, which is not the prober: status, body, content type."""
    request = urllib.request.Request(url, method=method, data=b"<x/>" if method == "POST" else None)
    if sign_in:
        pair = base64.b64encode(f"{USER_NAME}:{PASSWORD}".encode()).decode()
        request.add_header("Authorization", f"Basic {pair}")
    context = ssl.create_default_context(cafile=practice.ca_file)
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as answer:
            assert answer.headers["X-Practice-Pod"] == "1"
            return answer.status, answer.read(), answer.headers["Content-Type"]
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers["Content-Type"]


@pytest.mark.parametrize("service", SERVICES.values(), ids=lambda service: service.name)
def test_every_service_shows_its_contract(practice: Practice, service: object) -> None:
    assert hasattr(service, "path")
    status, body, kind = get(practice, f"{practice.pod_url}{service.path}?WSDL")
    assert (status, kind) == (200, "text/xml; charset=utf-8")
    from xml.etree import ElementTree

    root = ElementTree.fromstring(body)
    assert root.tag == "{http://schemas.xmlsoap.org/wsdl/}definitions"
    if service.namespace:  # type: ignore[attr-defined]
        assert root.get("targetNamespace") == service.namespace  # type: ignore[attr-defined]
    operations = [operation.get("name") for operation in root.iterfind("{*}portType/{*}operation")]
    assert operations == list(service.operations)  # type: ignore[attr-defined]
    imported = root.find(".//{http://www.w3.org/2001/XMLSchema}import")
    assert imported is not None
    status, body, _ = get(practice, str(imported.get("schemaLocation")))
    assert status == 200
    assert ElementTree.fromstring(body).tag == "{http://www.w3.org/2001/XMLSchema}schema"


def test_an_endpoint_without_wsdl_is_blank_as_at_oracle(practice: Practice) -> None:
    assert get(practice, f"{practice.pod_url}/fscmService/OrderImportService")[:2] == (200, b"")


def test_the_rest_tier_asks_for_credentials(practice: Practice) -> None:
    assert get(practice, f"{practice.pod_url}{REST_ROOT}")[0] == 401
    status, body, kind = get(practice, f"{practice.pod_url}{REST_ROOT}", sign_in=True)
    assert (status, kind) == (200, "application/json")
    assert b"11.13.18.05" in body


def test_the_front_page_leads_to_the_sign_in(practice: Practice) -> None:
    status, body, _ = get(practice, f"{practice.pod_url}/")
    assert status == 200
    assert b'type="password"' in body


def test_unknown_pages_are_not_found(practice: Practice) -> None:
    assert get(practice, f"{practice.pod_url}/nothing")[0] == 404


def test_the_connectors_take_a_message(practice: Practice) -> None:
    assert get(practice, f"{practice.external_url}{CONNECTOR_PATH}", method="POST")[0] == 202
    status, body, _ = get(practice, f"{practice.external_url}/om/events?WSDL")
    assert status == 200
    assert b"pushPayload" in body


def test_lessons_are_well_kept() -> None:
    names = [lesson.name for lesson in (*LESSONS, *HEALTHY)]
    assert len(names) == len(set(names))
    for lesson in LESSONS:
        assert lesson.teaches
        assert lesson.outcome == lesson.words[0]
        assert set(lesson.words) <= set(WORDS)


def test_it_listens_on_loopback_only(practice: Practice) -> None:
    listening = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        local, _, state = line.split()[1:4]
        if state == "0A":
            address, _, port = local.partition(":")
            listening.add((int(port, 16), address))
    own = {practice.pod_port, practice.external_port, *practice.lesson_ports.values()}
    found = {address for port, address in listening if port in own}
    assert found == {"0100007F"}


def test_it_leaves_nothing() -> None:
    threads = threading.active_count()
    with running() as practice:
        folder = practice.ca_file.parent
        ports = [practice.pod_port, practice.external_port]
        with socket.create_connection(("127.0.0.1", practice.lesson_ports["TLS stalls"])) as stuck:
            assert folder.exists()
            assert {path.name for path in folder.iterdir()} == {"practice-root.pem"}
            stuck.setblocking(False)
    assert not folder.exists()
    assert threading.active_count() == threads
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=5)


def test_it_ends_when_what_runs_on_it_fails() -> None:
    folders = []

    def fail() -> None:
        with running(lessons=False) as practice:
            folders.append(practice.ca_file.parent)
            raise RuntimeError("inside")

    with pytest.raises(RuntimeError, match="inside"):
        fail()
    assert not folders[0].exists()


def test_a_taken_port_is_reported_and_leaves_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=r"[Aa]ddress"), running(port=port, lessons=False):
            pytest.fail("it must not start")


def test_a_given_port_is_used() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running(port=port, lessons=False) as practice:
        assert practice.pod_url == f"https://127.0.0.1:{port}"
        assert practice.lesson_ports == {}


def test_it_starts_quickly() -> None:
    began = time.monotonic()
    with running():
        assert time.monotonic() - began < 5


def test_samples_are_written_for_their_owner_only(practice: Practice, tmp_path: Path) -> None:
    paths = write_profiles(practice, tmp_path / "library")
    assert sorted(path.name for path in paths) == [f"{name}.toml" for name in sorted((DEV, TEST, BROKEN))]
    for path in paths:
        assert path.stat().st_mode & 0o777 == 0o600
        profile = tomllib.loads(path.read_text())
        assert profile["schema"] == 1
        assert profile["profile"]["name"] == path.stem
        assert profile["profile"]["environment"] == "practice"


@pytest.mark.parametrize("name", [DEV, TEST])
def test_the_healthy_samples_are_healthy(practice: Practice, name: str) -> None:
    found = collect(tomllib.loads(sample_profiles(practice)[name]))
    assert not found.skipped
    review = run_review(found.targets)
    assert review.passed(strict=True), [(r.target.name, r.verdict.message) for r in review.results]
    pod = review.results[0]
    assert pod.verdict.outcome == "credentials-required"
    assert len(pod.target.used_by) == 3
    assert {result.target.name for result in review.results} == {
        "pod", "OrderFulfillmentResponseService", "OrderImportService", "Connector01", "EventConnector",
    }  # fmt: skip
    services = [result.evidence.wsdl for result in review.results if result.target.role == "service"]
    assert all(wsdl is not None and wsdl.imports_read and wsdl.certificate is not None for wsdl in services)


def test_the_two_samples_differ_by_something_to_promote(practice: Practice) -> None:
    samples = sample_profiles(practice)
    dev, test = tomllib.loads(samples[DEV]), tomllib.loads(samples[TEST])
    assert test["profile"]["follows"] == DEV
    assert {task["name"] for task in dev["task_types"]} - {task["name"] for task in test["task_types"]} == {
        "Pack_External"
    }


def test_the_broken_samples_notes_say_what_the_review_says(practice: Practice) -> None:
    """`omtui demo` shows both side by side: they must agree."""
    profile = tomllib.loads(sample_profiles(practice)[BROKEN])
    noted = {
        record["name"]: record["note"].partition(":")[0]
        for record in profile["topology"]["endpoints"]
        if "note" in record
    }
    found = collect(profile)
    assert not found.skipped
    said = {result.target.name: result.verdict.outcome for result in run_review(found.targets).results}
    assert said.pop("pod") == "credentials-required"
    assert said == noted
