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
    def brings_a_status(self) -> bool:
        """Whether one of its operations does more than acknowledge; without any noted that is not known."""
        return not self.operations or any(map(_BRINGS_A_STATUS.search, self.operations))


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
