"""What all probes of a review share."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field

from omtui import __version__
from omtui.topology.proxies import Proxies
from omtui.topology.transport import LocalTransport
from omtui.topology.trust import Trust

SLOW_AFTER = 3.0
"""Seconds for all phases together, above which a working endpoint is reported as `slow`."""

LONGEST_PROBE = 30.0
"""Seconds after which a probe is ended, even in its middle."""


@dataclass(slots=True)
class ProbeContext:
    """The transport, the trust stores, the proxies, and the limits of a review (times in seconds)."""

    transport: LocalTransport = field(default_factory=LocalTransport)
    trust: Trust = field(default_factory=Trust)
    proxies: Proxies = field(default_factory=Proxies)
    slow_after: float = SLOW_AFTER
    longest: float = LONGEST_PROBE
    user_agent: str = f"omtui/{__version__} (topology review; {platform.system()})"
