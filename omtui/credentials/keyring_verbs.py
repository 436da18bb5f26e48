"""What a person does with the keyring: look at it, unlock it, start a private one."""

from omtui.credentials.answer import Completed, Declined, Unavailable
from omtui.credentials.deadline import STORE_SECONDS, TimedOut, call_within
from omtui.credentials.keyring_session import KeyringSession, session_exists
from omtui.credentials.keys import weakness
from omtui.credentials.machine import Machine
from omtui.credentials.reason import Reason
from omtui.credentials.secret import Secret
from omtui.credentials.store import Status, StoreKind


def keyring_status(machine: Machine) -> Status:
    """The operating system's keyring, even where another store is chosen: its state, and why it is not ready."""
    return machine.keyring_status()


def unlock_keyring(machine: Machine, password: Secret, *, create: bool = False) -> Completed | Declined | Unavailable:
    """Unlocks the desktop's keyring with its password; with `create` makes one where there is none.

    A wrong password is `Declined` with reason `DENIED`; one more attempt costs nothing.
    """
    from omtui.credentials import keyring_unlock

    weak = weakness(password) if create else None
    if weak:
        return Declined(
            Reason.WEAK_PASSPHRASE, f"this password is too weak for a keyring: {weak}", "Choose a longer one."
        )
    answer = call_within(STORE_SECONDS, lambda: keyring_unlock.unlock_keyring(password, create=create))
    if isinstance(answer, TimedOut):
        return Unavailable(
            Reason.TIMED_OUT,
            f"the keyring did not answer within {answer.seconds:g} seconds",
            "It hangs, or waits for an answer on another screen: end or restart it.",
        )
    return answer


def start_private_session(machine: Machine, password: Secret) -> KeyringSession | Declined | Unavailable:
    """Starts a private keyring session and chooses it. It ends with this program.

    For `omtui keyring session -- PROGRAM` run the program with the session's `environment`.
    """
    weak = None if session_exists(machine.folders.session) else weakness(password)
    if weak:
        return Declined(
            Reason.WEAK_PASSPHRASE, f"this password is too weak for a keyring: {weak}", "Choose a longer one."
        )
    session = machine.start_session(password)
    if not isinstance(session, KeyringSession):
        return session
    chosen = machine.choose(StoreKind.SESSION)
    if isinstance(chosen, Completed):
        return session
    session.close()
    return chosen
