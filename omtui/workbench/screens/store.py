"""A screen that waits for the store of the secrets: it shows what for, and goes on drawing."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from omtui.credentials.deadline import TimedOut, call_off_loop
from omtui.credentials.secret import Secret
from omtui.problem import Outcome
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.secret_entry import AskSecret

Answer = TypeVar("Answer")


Store = TypeVar("Store", bound="StoreScreen")


def conversation(held: Callable[[Store], Coroutine[Any, Any, Outcome]]) -> Callable[[Store], None]:
    """Make an action of a conversation: it is held in a worker, one at a time, and how it ended is reported."""

    def begin(screen: Store) -> None:
        screen.talk(held(screen))

    begin.__doc__ = held.__doc__
    return begin


class StoreScreen(WorkScreen):
    """A screen with conversations about secrets, one at a time, in a worker."""

    _waiting = ""
    """What is waited for; empty while nothing is."""

    def talk(self, conversation: Coroutine[Any, Any, Outcome]) -> None:
        """Hold a conversation, and report how it ended."""

        async def held() -> None:
            await self.ended(await conversation)

        self.run_worker(held(), group="talk", exclusive=True)

    async def ended(self, outcome: Outcome) -> None:
        """Report how a conversation ended."""
        self.show_outcome(outcome)

    async def off_loop(self, words: str, call: Callable[[], Answer]) -> Answer:
        """A call that may take seconds, made where it holds up neither the screen nor the end of the program."""
        self._waiting = words
        self.show_bars()
        try:
            result = await call_off_loop(call)
        finally:
            self._waiting = ""
        assert not isinstance(result, TimedOut), "every store has its own deadline"
        self.show_bars()
        return result

    async def ask_secret(self, title: str, text: str) -> Secret | None:
        """Ask for a secret, which is never shown; `None` when the person leaves."""
        return await self.app.push_screen_wait(AskSecret(title, text))
