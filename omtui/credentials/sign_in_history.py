"""The results of tested credentials: kept between runs, without any secret, so that no account gets locked."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.destination import Destination
from omtui.credentials.private_file import locked, read_private, replace_private
from omtui.credentials.record import SecretReference, from_json
from omtui.credentials.sign_in import SECONDS, SignIn, SignInOutcome

_KEPT = 500
_MOST_REFUSALS = 3
_WITHIN = timedelta(hours=1)
_UNDER_WAY = timedelta(seconds=2 * SECONDS)
"""After this an attempt that was begun is one that the end of a program cut off."""


@dataclass(frozen=True)
class Attempted:
    """One test of a credential."""

    reference: SecretReference
    sign_in: SignIn


def history(path: Path) -> list[Attempted] | SecretProblem:
    """All tests that are remembered, the oldest first; a file that is damaged counts as empty."""
    data = read_private(path)
    if data is None:
        return []
    return data if isinstance(data, SecretProblem) else _parsed(data)


def begin(
    path: Path,
    reference: SecretReference,
    to: Destination,
    set_on: datetime,
    *,
    again: bool,
    now: datetime | None = None,
) -> Attempted | SecretProblem:
    """Notes an attempt before the secret is sent, or refuses it, under one lock: of several at once one is sent.

    Until `finish` notes the result, the attempt counts as sent without one: if the program ends in between, nobody
    knows whether the account was used.
    """
    with locked(path) as fault:
        before = fault or history(path)
        if isinstance(before, SecretProblem):
            return before
        if not again and (soon := too_soon(before, reference, to, set_on, now)):
            return soon
        words = "an attempt was begun; its result is not known"
        begun = Attempted(reference, SignIn(SignInOutcome.BEGUN, to, now or datetime.now(UTC), True, words))
        return _write(path, [*before, begun]) or begun


def finish(path: Path, begun: Attempted, result: SignIn | None) -> SecretProblem | None:
    """Notes the result of an attempt that `begin` noted; nothing was tried where `result` is `None`."""
    with locked(path) as fault:
        before = fault or history(path)
        if isinstance(before, SecretProblem):
            return before
        kept = [one for one in before if one != begun]
        return _write(path, kept if result is None else [*kept, Attempted(begun.reference, result)])


def _write(path: Path, tests: list[Attempted]) -> SecretProblem | None:
    entries = [_entry(one) for one in tests[-_KEPT:]]
    return replace_private(path, json.dumps({"v": 1, "tests": entries}, indent=1).encode())


def last(tests: list[Attempted], reference: SecretReference, to: Destination) -> SignIn | None:
    """The latest test of a credential at a destination."""
    found = (one.sign_in for one in reversed(tests) if one.reference == reference and one.sign_in.destination == to)
    return next(found, None)


def too_soon(
    tests: list[Attempted], reference: SecretReference, to: Destination, set_on: datetime, now: datetime | None = None
) -> SecretProblem | None:
    """Why the secret is better not sent: it was refused already, or the account has seen too many wrong ones."""
    latest = last([one for one in tests if one.sign_in.secret_sent], reference, to)
    moment = now or datetime.now(UTC)
    if latest and latest.outcome is SignInOutcome.BEGUN and moment - _UNDER_WAY < latest.on <= moment:
        return SecretProblem(
            f"another attempt with this password at {to.origin} is under way",
            "Wait for its result, half a minute at most.",
            Reason.REFUSED_BEFORE,
        )
    if latest and latest.outcome is SignInOutcome.REFUSED and set_on <= latest.on:
        return SecretProblem(
            f"this very password was refused at {to.origin} on {latest.on:%Y-%m-%d %H:%M} UTC; each further attempt "
            "brings the account nearer to being locked",
            "Set the right password first; or try again on purpose if the account was unlocked since.",
            Reason.REFUSED_BEFORE,
        )
    recent = moment - _WITHIN
    # An unclear answer may have been a refusal: Oracle's web services say 500 to a wrong password.
    refusals = [
        one
        for one in tests
        if one.sign_in.destination == to
        and one.sign_in.secret_sent
        and not one.sign_in.good
        and one.sign_in.on > recent
    ]
    if len(refusals) >= _MOST_REFUSALS:
        return SecretProblem(
            f"{len(refusals)} attempts to sign in as this user at {to.origin} failed within an hour; Oracle locks an "
            "account after five",
            "Make sure of the password in the browser first; or try again on purpose.",
            Reason.REFUSED_BEFORE,
        )
    return None


def _entry(attempt: Attempted) -> dict[str, object]:
    result = attempt.sign_in
    to = result.destination
    return {
        "profile": attempt.reference.profile,
        "credential": attempt.reference.name,
        "to": [to.scheme, to.host, to.port, to.user],
        "on": result.on.isoformat(),
        "outcome": result.outcome.value,
        "status": result.status,
        "sent": result.secret_sent,
        "message": result.message,
        "proxy": result.proxy,
    }


def _parsed(data: bytes) -> list[Attempted]:
    content = from_json(data)
    entries = content.get("tests") if isinstance(content, dict) else None
    read = [_attempted(entry) for entry in entries] if isinstance(entries, list) else []
    return [attempt for attempt in read if attempt is not None]


def _attempted(entry: object) -> Attempted | None:
    match entry:
        case {
            "profile": str(profile),
            "credential": str(name),
            "to": [str(scheme), str(host), int(port), str(user)],
            "on": str(on),
            "outcome": str(outcome),
            "status": status,
            "sent": bool(sent),
            "message": str(message),
            "proxy": str(proxy),
        } if outcome in set(SignInOutcome) and (status is None or isinstance(status, int)):
            try:
                moment = datetime.fromisoformat(on)
            except ValueError:
                return None
            if moment.tzinfo is None:
                return None
            to = Destination(scheme, host, port, user)
            result = SignIn(SignInOutcome(outcome), to, moment, sent, message, status, proxy)
            return Attempted(SecretReference(profile, name), result)
        case _:
            return None
