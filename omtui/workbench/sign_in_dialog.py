"""Testing a credential from the workbench: the plan is shown first, then one attempt is made, and only one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from omtui.credentials.answer import Absent, Reason
from omtui.credentials.destination import Destination
from omtui.credentials.sign_in import SignIn, SignInOutcome, shown_proxy
from omtui.plain_text import plain
from omtui.problem import Done, Outcome, Problem
from omtui.service.secrets import Leave, Secrets, TrialPlan
from omtui.workbench.screens.dialogs import Choice
from omtui.workbench.screens.store import StoreScreen
from omtui.workbench.secret_dialogs import LEFT

if TYPE_CHECKING:
    from omtui.credentials.matrix import CredentialFacts
    from omtui.setup.place import Data


async def try_credential(screen: StoreScreen, secrets: Secrets, profile: Data, facts: CredentialFacts) -> Outcome:
    """Show the plan, make one attempt, report the result. What needs consent is asked for each attempt."""
    place = await _place(screen, facts)
    if place == "":
        return LEFT
    plan = await screen.off_loop("making the plan", lambda: secrets.plan(profile, facts.name, place))
    if not isinstance(plan, TrialPlan):
        return plan
    leave = Leave(plain_http=plan.destination.scheme == "http")
    question = _planned(plan)
    while await screen.confirm(f"Test {plain(facts.name)}?", question, yes="Sign in once", no="Leave it"):
        attempt = partial(secrets.attempt, profile, facts.name, place, leave)
        result = await screen.off_loop(f"signing in at {plan.destination.origin}", attempt)
        if isinstance(result, Absent):
            return Problem("this credential is missing: set it first")
        if isinstance(result, SignIn):
            if result.outcome is SignInOutcome.BAD_CERTIFICATE and not leave.bad_certificate:
                leave = replace(leave, bad_certificate=True)
                question = f"{plain(result.message)}.\n\nSend the password past this certificate, this once?"
                continue
            words = f"{facts.name}: {result.outcome}: {result.message}"
            return Done(words) if result.good else Problem(words)
        if result.reason is Reason.REFUSED_BEFORE and not leave.again:
            leave = replace(leave, again=True)
            question = f"{plain(result)}\n\nTry it all the same?"
            continue
        return result
    return LEFT


async def _place(screen: StoreScreen, facts: CredentialFacts) -> str | None:
    """Which use to test where there are several places; `None` where there is no choice, empty when left."""
    to = {use.destination: use for use in facts.uses if use.url and isinstance(use.destination, Destination)}
    if len(to) < 2:
        return None
    listed = [Choice(use.place, str(place), use.place) for place, use in to.items()]
    return await screen.choose(f"Where to test {facts.name}", listed) or ""


def _planned(plan: TrialPlan) -> str:
    lines = [f"One attempt at {plain(plan.url)}", f"as {plain(plan.destination.user)}."]
    if plan.proxy:
        lines.append(f"Through the proxy {shown_proxy(plan.proxy)}.")
    if plan.destination.scheme == "http":
        lines.append("The password travels in CLEAR TEXT: every host on the way can read it.")
    if plan.last:
        lines.append(f"Tried last on {plan.last.on.astimezone():%Y-%m-%d %H:%M}: {plan.last.outcome}.")
    lines.append("It is not repeated: an Oracle account locks after five wrong passwords.")
    return "\n".join(lines)
