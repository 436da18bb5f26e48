"""The ordered catalogue: every setup task and every table of a profile.

A new setup task is one module with its tables and its task, and a line in each of the two tuples here.
"""

from functools import cache

from omtui.setup import (
    connectors,
    flow,
    processes,
    profile,
    related,
    roles,
    routing,
    source_systems,
    task_types,
    topology,
    trigger_points,
)
from omtui.setup.table import Record, Table, Task

TASKS: tuple[Task, ...] = (
    profile.TASK,
    flow.TASK,
    roles.TASK,
    task_types.TASK,
    processes.TASK,
    source_systems.TASK_3,
    source_systems.TASK_4,
    source_systems.TASK_41,
    connectors.TASK,
    topology.TASK,
    routing.TASK,
    trigger_points.TASK_8,
    trigger_points.TASK_9,
    related.TASK,
)
"""In the order in which people read the set-up."""

TABLES: dict[str, Table] = {
    table.path: table
    for table in (
        profile.PROFILE,
        profile.POD,
        flow.SERVICES,
        flow.EVENT_SUBSCRIPTIONS,
        roles.INTEGRATION_USERS,
        roles.ROLES,
        task_types.TASK_TYPES,
        task_types.SERVICES,
        task_types.TASKS,
        task_types.STATUSES,
        processes.ORCHESTRATION_PROCESSES,
        processes.STEPS,
        processes.STATUS_CONDITIONS,
        processes.STATUS_RULE_SETS,
        processes.RULE_SET_STATUSES,
        source_systems.SOURCE_SYSTEMS,
        source_systems.PLANNING_SOURCE_SYSTEMS,
        source_systems.DESTINATION_SYSTEM,
        source_systems.UPSTREAM_SOURCE_SYSTEMS,
        connectors.CONNECTORS,
        connectors.CREDENTIALS,
        connectors.CERTIFICATES,
        topology.TOPOLOGY,
        topology.APPLICATIONS,
        topology.ENDPOINTS,
        topology.VANTAGE_POINTS,
        routing.ROUTING_RULES,
        routing.CONDITION,
        routing.ACTION,
        routing.OTHERWISE,
        trigger_points.TRIGGER_POINTS,
        trigger_points.DETAILS,
        trigger_points.JEOPARDY_TABLE,
        trigger_points.PRIORITIES,
        trigger_points.THRESHOLDS,
        trigger_points.SCORES,
        related.RELATED_SETUP,
        profile.WAIVERS,
    )
}
"""Every table by its path, in the order of the file."""

BY_STEP: dict[str, Task] = {task.step: task for task in TASKS}


def task_of(table: str, record: Record | None = None) -> Task | None:
    """The setup task that a table's record belongs to.

    For a table inside records give the outermost record: that one decides between two tasks that share a table.
    """
    here = table
    while here:
        for task in TASKS:
            if task.holds(here, record or {}):
                return task
        here = here.rpartition(".")[0]
    return next((task for task in TASKS if any(path.startswith(f"{table}.") for path in task.tables)), None)


def step_of(table: str, record: Record | None = None) -> str:
    """The step of that task; `profile` for the profile itself and its pod."""
    task = task_of(table, record)
    return task.step if task else "profile"


@cache
def children(path: str) -> dict[str, Table]:
    """The tables inside a table, by the key under which it holds them; `""` for the top of the file."""
    return {table.name: table for table in TABLES.values() if table.parent == path}


@cache
def child(path: str, key: str) -> Table | None:
    """The table that `key` holds inside the table at `path`; conditions and actions are found wherever they nest."""
    if path == "routing_rules.when" and key in ("all", "any", "not"):
        return TABLES["routing_rules.when"]
    if path == "routing_rules.otherwise" and key in ("when", "then"):
        return TABLES[f"routing_rules.{key}"]
    return children(path).get(key)
