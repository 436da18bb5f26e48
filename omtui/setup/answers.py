"""Who answers the requests of Order Management: the services for responses, and the users that call them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from omtui.setup.indexed import Indexed, text, texts

_RESPONSES = re.compile("response", re.IGNORECASE)
_BRINGS_A_STATUS = re.compile("FulfillmentResponse", re.IGNORECASE)


class Answerer(NamedTuple):
    """A user that calls a service for responses."""

    service: str
    operations: tuple[str, ...]
    user: str
    """Empty: no caller of the service is noted."""
    system: str
    """Empty: it may answer for any system."""

    @property
    def operation(self) -> str:
        """The operation that brings a status, else the first; empty where none is noted."""
        return next(filter(_BRINGS_A_STATUS.search, self.operations), (*self.operations, "")[0])

    @property
    def brings_a_status(self) -> bool:
        """Whether it does more than acknowledge; without operations that is not known."""
        return not self.operation or _BRINGS_A_STATUS.search(self.operation) is not None

    @property
    def words(self) -> str:
        """What is called, and as whom."""
        operation = f", operation {self.operation}" if self.operation else ""
        return f"{self.service}{operation}{f', as {self.user}' if self.user else ''}"


def answerers(setup: Indexed) -> Iterator[Answerer]:
    """Who answers. A service without a caller that is an integration user may be called for any system."""
    users = setup.by_key("integration_users")
    for _, record in setup.records("services"):
        name, operations = text(record, "name"), tuple(texts(record, "operations"))
        if _RESPONSES.search(name):
            callers = texts(record, "called_by")
            known = [(caller, text(user.record, "system")) for caller in callers for user in users.get(caller, ())]
            for user, system in known or [(" or ".join(callers), "")]:
                yield Answerer(name, operations, user, system)
