"""What a person does with the vault: make it, open it, seal it again, choose who can open it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from omtui.credentials.age.recipients import Identity, Recipient
from omtui.credentials.answer import Completed, Declined, Unavailable
from omtui.credentials.handover import passphrase_recipient, recipients_of
from omtui.credentials.keys import IDENTITY, PASSPHRASE, identities_of
from omtui.credentials.machine import Machine
from omtui.credentials.private_file import NoFile, read_private
from omtui.credentials.reason import Reason
from omtui.credentials.secret import Secret
from omtui.credentials.store import StoreKind
from omtui.credentials.vault import Vault
from omtui.plain_text import plain


def init_vault(
    machine: Machine, *, passphrase: Secret | None = None, recipients: Sequence[str] = ()
) -> Completed | Declined | Unavailable:
    """Makes the vault, sealed with a passphrase or for public keys (exactly one of both), and chooses it.

    It is open afterwards. Sealed for keys, it opens again only with one of the private halves.
    """
    sealing = _sealing(machine, passphrase, recipients)
    if not isinstance(sealing, _Sealing):
        return sealing
    made = sealing.vault.create(sealing.recipients, sealing.identities)
    if not isinstance(made, Completed):
        return made
    chosen = machine.choose(StoreKind.VAULT)
    return made if isinstance(chosen, Completed) else chosen


def unlock_vault(
    machine: Machine,
    *,
    passphrase: Secret | None = None,
    identity: Secret | None = None,
    minutes: int | None = None,
) -> Completed | Declined | Unavailable:
    """Opens the vault: with its passphrase, or with a private key (whose own passphrase is then `passphrase`).

    With `minutes` further commands find it open for so long, where the system can keep that in memory
    (`kernel_cache.MINUTES` is the usual time).
    """
    vault = machine.vault()
    if isinstance(vault, Unavailable):
        return vault
    needs_passphrase = vault.opens_with_passphrase()
    if isinstance(needs_passphrase, Unavailable):
        return needs_passphrase
    key = _passphrase(passphrase) | ({} if identity is None else {IDENTITY: identity})
    if (IDENTITY in key) == needs_passphrase:
        return Declined(
            Reason.WRONG_KEY,
            f"{vault.where} opens with {'a passphrase' if needs_passphrase else 'a private key'}",
            "Give its passphrase." if needs_passphrase else "Name the key file: --identity ~/.ssh/id_ed25519",
        )
    identities = _identities(machine, key)
    if isinstance(identities, Declined | Unavailable):
        return identities
    opened = vault.unlock(identities)
    if isinstance(opened, Completed) and minutes and not machine.remember_vault(vault, key, minutes):
        return Completed(f"{opened.detail}, for this command only: this system keeps nothing between commands")
    return opened


def lock_vault(machine: Machine) -> Completed:
    """Locks it again, for this program and for further commands."""
    machine.lock()
    return Completed("everything is locked")


def rekey_vault(
    machine: Machine, *, passphrase: Secret | None = None, recipients: Sequence[str] = ()
) -> Completed | Declined | Unavailable:
    """Seals the open vault with another passphrase or for other keys (exactly one of both).

    From a key to a passphrase or the other way round it is afterwards open with the new one.
    """
    sealing = _sealing(machine, passphrase, recipients)
    if not isinstance(sealing, _Sealing):
        return sealing
    done = sealing.vault.rekey(sealing.recipients, sealing.identities or None)
    if isinstance(done, Completed):
        machine.forget_remembered()
    return done


def vault_recipients(machine: Machine) -> tuple[str, ...] | Unavailable:
    """The public keys the open vault is sealed for; none when a passphrase opens it."""
    vault = machine.vault()
    return vault if isinstance(vault, Unavailable) else vault.recipients()


def add_recipient(machine: Machine, line: str) -> Completed | Declined | Unavailable:
    """Adds a key that opens the vault."""
    kept = vault_recipients(machine)
    if isinstance(kept, Unavailable):
        return kept
    if not kept:
        return _has_a_passphrase()
    return rekey_vault(machine, recipients=[*kept, line])


def remove_recipient(machine: Machine, line: str) -> Completed | Declined | Unavailable:
    """Seals the vault so that this key opens it no more. Older copies of the file still open with it."""
    kept = vault_recipients(machine)
    if isinstance(kept, Unavailable):
        return kept
    if not kept:
        return _has_a_passphrase()
    given = " ".join(line.split()[:2])
    rest = [recipient for recipient in kept if recipient != given]
    if len(rest) == len(kept):
        return Declined(Reason.BAD_RECIPIENT, "the vault is not sealed for this key", "See omtui vault recipients.")
    if not rest:
        return Declined(
            Reason.BAD_RECIPIENT, "this is the last key that opens the vault", "Add another one first, or rekey it."
        )
    return rekey_vault(machine, recipients=rest)


def identity_from_file(path: Path) -> Secret | Declined | Unavailable:
    """The text of a private key file, which must be this user's and readable by nobody else, as ssh asks."""
    data = read_private(path)
    if isinstance(data, NoFile):
        return Declined(Reason.BAD_RECIPIENT, f"there is no file {plain(path)}", "Name the private key's file.")
    if isinstance(data, Unavailable):
        return data
    try:
        return Secret(data.decode("utf-8"))
    except UnicodeDecodeError:
        return Declined(Reason.NOT_TEXT, f"{plain(path)} is not a key in text", "Name the private key's file.")


def _identities(machine: Machine, key: Mapping[str, Secret]) -> list[Identity] | Declined | Unavailable:
    settings = machine.settings()
    return settings if isinstance(settings, Unavailable) else identities_of(key, settings.highest_work_factor)


def _passphrase(passphrase: Secret | None) -> dict[str, Secret]:
    return {} if passphrase is None else {PASSPHRASE: passphrase}


@dataclass(frozen=True)
class _Sealing:
    """The vault, whom it is to be sealed for, and what opens it then in this session (nothing, for keys)."""

    vault: Vault
    recipients: Sequence[Recipient]
    identities: Sequence[Identity]


def _sealing(machine: Machine, passphrase: Secret | None, lines: Sequence[str]) -> _Sealing | Declined | Unavailable:
    if (passphrase is None) == (not lines):
        return Declined(
            Reason.BAD_RECIPIENT,
            "a vault is sealed with a passphrase or for keys, with one of the two",
            "Give a passphrase, or recipients (age1…, ssh-ed25519 …).",
        )
    recipients = recipients_of(lines) if passphrase is None else passphrase_recipient(passphrase)
    if isinstance(recipients, Declined):
        return recipients
    vault = machine.vault()
    if isinstance(vault, Unavailable):
        return vault
    identities = _identities(machine, _passphrase(passphrase))
    if isinstance(identities, Declined | Unavailable):
        return identities
    return _Sealing(vault, recipients, identities)


def _has_a_passphrase() -> Declined:
    return Declined(
        Reason.BAD_RECIPIENT,
        "this vault opens with a passphrase, which allows no other recipient",
        "Seal it for keys instead: omtui vault rekey --to …",
    )
