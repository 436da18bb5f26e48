"""Why a secret cannot be read, kept or used: with a word for scripts and screens, and a sentence for the person."""

from dataclasses import dataclass
from enum import StrEnum

from omtui.problem import Problem


class Reason(StrEnum):
    """One word a reason; the problem adds the sentence for the person."""

    # The store of the operating system
    NO_BUS = "no-bus"
    BUS_NOT_OURS = "bus-not-ours"
    NO_SERVICE = "no-service"
    NO_KEYRING = "no-keyring"
    LOCKED = "locked"
    TIMED_OUT = "timed-out"
    BUSY = "busy"
    DENIED = "denied"
    WENT_AWAY = "went-away"
    NOT_HERE = "not-here"
    DAMAGED = "damaged"
    NOT_KEPT = "not-kept"
    # Files
    INSECURE = "insecure"
    NOT_A_FILE = "not-a-file"
    CANNOT_WRITE = "cannot-write"
    # The vault and hand-over parts
    NO_VAULT = "no-vault"
    EXISTS = "exists"
    WRONG_KEY = "wrong-key"
    TOO_COSTLY = "too-costly"
    NO_MEMORY = "no-memory"
    BAD_RECIPIENT = "bad-recipient"
    WEAK_PASSPHRASE = "weak-passphrase"
    OTHER_PROFILE = "other-profile"
    # The command
    NO_COMMAND = "no-command"
    COMMAND_FAILED = "command-failed"
    READ_ONLY = "read-only"
    # Choice and use
    NOT_CHOSEN = "not-chosen"
    SETTINGS_BROKEN = "settings-broken"
    TOO_LONG = "too-long"
    BAD_NAME = "bad-name"
    BOUND_ELSEWHERE = "bound-elsewhere"
    NO_DESTINATION = "no-destination"
    NOT_A_TERMINAL = "not-a-terminal"
    NOT_TEXT = "not-text"
    EMPTY = "empty"
    PLAIN_HTTP = "plain-http"
    REFUSED_BEFORE = "refused-before"
    UNKNOWN_CREDENTIAL = "unknown-credential"
    WATCHED = "watched"


OF_ONE_ENTRY = frozenset(
    (
        Reason.DAMAGED,
        Reason.BAD_NAME,
        Reason.COMMAND_FAILED,
        Reason.NO_COMMAND,
        Reason.BAD_RECIPIENT,
        Reason.EXISTS,
        Reason.READ_ONLY,
        Reason.TOO_LONG,
        Reason.UNKNOWN_CREDENTIAL,
    )
)
"""Reasons that lie with one secret; every other one holds for the next secret of the same store too."""


@dataclass(frozen=True, slots=True)
class SecretProblem(Problem):
    """Nothing was changed, nothing is known and no secret was given out. The text is one line without a secret."""

    fix: str
    reason: Reason

    def __str__(self) -> str:
        return f"{self.message.rstrip('.')}. {self.fix}".strip()


@dataclass(frozen=True, slots=True)
class Absent(Problem):
    """The store was asked and has no such secret. No error is ever this."""

    message: str = "there is no such secret in the store. Set it first"
