"""Keys and passphrases as a person gives them: whom to seal for, what to open with."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from omtui.credentials.age.fault import AgeFault, BadKey, NotOpened
from omtui.credentials.age.recipients import (
    WORK_FACTOR,
    Identity,
    Passphrase,
    Recipient,
    read_x25519_identity,
    read_x25519_recipient,
)
from omtui.credentials.age.sealing import MOST_RECIPIENTS
from omtui.credentials.age.ssh_keys import read_ssh_identity, read_ssh_recipient
from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.private_file import read_private
from omtui.credentials.secret import Secret
from omtui.plain_text import plain

SHORTEST_PASSPHRASE = 12
"""Characters. A file that leaves the machine can be guessed at without limit."""

_FEWEST_DIFFERENT = 5
_PRIVATE = re.compile(r"AGE-SECRET-KEY|PRIVATE KEY", re.IGNORECASE)


def read_recipient(text: str) -> Recipient | BadKey:
    """Whom to seal for: `age1…`, or a line `ssh-ed25519 …` or `ssh-rsa …` as in a `.pub` file."""
    line = text.strip()
    if _PRIVATE.search(line):
        return BadKey("that is a private key; give its public half, and treat the private one as compromised")
    if line.startswith(("ssh-", "ecdsa-", "sk-")):
        return read_ssh_recipient(line)
    return read_x25519_recipient(line) or BadKey(
        "that is no recipient: expected age1… or a public SSH key (ssh-ed25519 … or ssh-rsa …), complete and unchanged"
    )


def read_identity(text: Secret, passphrase: Secret | None = None) -> Identity | BadKey:
    """What to open with: the text of an age key file or of a private SSH key file.

    `passphrase` opens a protected SSH key.
    """
    if "PRIVATE KEY" in text.reveal():
        return read_ssh_identity(text, passphrase)
    for line in text.reveal().splitlines():
        if line.strip() and not line.startswith("#"):
            return read_x25519_identity(Secret(line)) or BadKey("that is no age key (AGE-SECRET-KEY-1…)")
    return BadKey("there is no key in it")


def recipients_of(lines: Sequence[str]) -> list[Recipient] | SecretProblem:
    """The recipients of `--to`, all of them sound, or a refusal that repeats none of the text given."""
    if not 0 < len(lines) <= MOST_RECIPIENTS:
        return SecretProblem(
            "no recipient is named",
            f"Give 1 to {MOST_RECIPIENTS} recipients (--to age1… or ssh-ed25519 …) or --passphrase.",
            Reason.BAD_RECIPIENT,
        )
    recipients: list[Recipient] = []
    for number, line in enumerate(lines, start=1):
        recipient = read_recipient(line)
        if isinstance(recipient, BadKey):
            which = f"recipient {number}: " if len(lines) > 1 else ""
            return SecretProblem(which + recipient.reason, "Ask for the public key again.", Reason.BAD_RECIPIENT)
        recipients.append(recipient)
    return recipients


def passphrase_recipient(passphrase: Secret, work_factor: int = WORK_FACTOR) -> list[Recipient] | SecretProblem:
    """Seals with a passphrase, if it is strong enough for a file that leaves this machine."""
    return too_weak(passphrase, "this passphrase is too weak") or [Passphrase(passphrase, work_factor)]


def identities_of(
    passphrase: Secret | None, identity: Secret | None, highest_work_factor: int
) -> list[Identity] | SecretProblem:
    """What opens a file, of what a person gave: a passphrase, or a private key with the passphrase it may need.

    Nothing given opens nothing. `highest_work_factor` bounds what a passphrase file may cost to open.
    """
    if identity is None:
        # A copy: what is opened with it forgets its own, and so may the caller.
        return [] if passphrase is None else [Passphrase(Secret(passphrase.reveal()), highest=highest_work_factor)]
    key = read_identity(identity, passphrase)
    if not isinstance(key, BadKey):
        return [key]
    if key.needs_passphrase:
        return SecretProblem(key.reason, "Give the key's passphrase.", Reason.DENIED)
    return SecretProblem(key.reason, "Name another key.", Reason.BAD_RECIPIENT)


def identity_from_file(path: Path) -> Secret | SecretProblem:
    """The text of a private key file, which must be this user's and readable by nobody else, as ssh asks."""
    data = read_private(path)
    if data is None:
        return SecretProblem(f"there is no file {plain(path)}", "Name the private key's file.", Reason.BAD_RECIPIENT)
    if isinstance(data, SecretProblem):
        return data
    try:
        return Secret(data.decode("utf-8"))
    except UnicodeDecodeError:
        return SecretProblem(f"{plain(path)} is not a key in text", "Name the private key's file.", Reason.NOT_TEXT)


def needs_passphrase(identity: Secret) -> bool:
    """Whether a private key has a passphrase of its own."""
    key = read_identity(identity)
    return isinstance(key, BadKey) and key.needs_passphrase


def too_weak(passphrase: Secret, refusal: str) -> SecretProblem | None:
    """Why a new passphrase or password is not taken: it is too weak to seal with."""
    weak = weakness(passphrase)
    return SecretProblem(f"{refusal}: {weak}", "Choose a longer one.", Reason.WEAK_PASSPHRASE) if weak else None


def not_opened(answer: NotOpened, what: str, fixes: Mapping[Reason, str]) -> SecretProblem:
    """Why a sealed file does not open, for the person; `fixes` has one for each of the four reasons."""
    reasons = {
        AgeFault.NO_MATCH: Reason.WRONG_KEY,
        AgeFault.MAC: Reason.WRONG_KEY,
        AgeFault.TOO_COSTLY: Reason.TOO_COSTLY,
        AgeFault.NO_MEMORY: Reason.NO_MEMORY,
    }
    reason = reasons.get(answer.fault, Reason.DAMAGED)
    return SecretProblem(f"{what} does not open: {answer.message}", fixes[reason], reason)


def weakness(passphrase: Secret) -> str | None:
    """Why a new passphrase is too weak to seal with, or None. Length counts, not kinds of characters."""
    length = len(passphrase.reveal())
    if not length:
        return "an empty passphrase protects nothing"
    if length < SHORTEST_PASSPHRASE:
        return f"it is shorter than {SHORTEST_PASSPHRASE} characters; several words are easiest to remember"
    if len(set(passphrase.reveal().casefold())) < _FEWEST_DIFFERENT:
        return "it repeats a few characters only"
    return None
