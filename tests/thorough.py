"""Whether long runs were asked for (OMTUI_THOROUGH=1)."""

import os

THOROUGH = os.environ.get("OMTUI_THOROUGH", "") not in ("", "0")
