"""Keys and passphrases as a person gives them: whom to seal for, what to open with."""

import re
from collections.abc import Mapping

from omtui.credentials.age.fault import BadKey
from omtui.credentials.age.recipients import (
    Identity,
    Passphrase,
    Recipient,
    read_x25519_identity,
    read_x25519_recipient,
)
from omtui.credentials.answer import Declined
from omtui.credentials.reason import Reason
from omtui.credentials.secret import Secret

PASSPHRASE, IDENTITY = "passphrase", "identity"
"""The names under which a person's keys are handed around together."""

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
        from omtui.credentials.age.ssh_keys import read_ssh_recipient

        return read_ssh_recipient(line)
    return read_x25519_recipient(line) or BadKey(
        "that is no recipient: expected age1… or a public SSH key (ssh-ed25519 … or ssh-rsa …), complete and unchanged"
    )


def read_identity(text: Secret, passphrase: Secret | None = None) -> Identity | BadKey:
    """What to open with: the text of an age key file or of a private SSH key file.

    `passphrase` opens a protected SSH key.
    """
    if "PRIVATE KEY" in text.reveal():
        from omtui.credentials.age.ssh_keys import read_ssh_identity

        return read_ssh_identity(text, passphrase)
    for line in text.reveal().splitlines():
        if line.strip() and not line.startswith("#"):
            return read_x25519_identity(Secret(line)) or BadKey("that is no age key (AGE-SECRET-KEY-1…)")
    return BadKey("there is no key in it")


def identities_of(key: Mapping[str, Secret], highest_work_factor: int) -> list[Identity] | Declined:
    """What opens a file, of what a person gave: `PASSPHRASE`, or `IDENTITY` with the passphrase that key may need.

    Nothing given opens nothing. `highest_work_factor` bounds what a passphrase file may cost to open.
    """
    passphrase = key.get(PASSPHRASE)
    if IDENTITY not in key:
        # A copy: what is opened with it forgets its own, and so may the caller.
        return [] if passphrase is None else [Passphrase(Secret(passphrase.reveal()), highest=highest_work_factor)]
    identity = read_identity(key[IDENTITY], passphrase)
    if isinstance(identity, BadKey):
        if identity.needs_passphrase:
            return Declined(Reason.DENIED, identity.reason, "Give the key's passphrase.")
        return Declined(Reason.BAD_RECIPIENT, identity.reason, "Name another key.")
    return [identity]


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
