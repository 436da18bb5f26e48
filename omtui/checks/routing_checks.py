"""S7: routing rules, one by one: what they name, what they do, when they are in effect.

Whether conditions can hold, and whether two rules can be true together, is in `rule_logic_checks`.
"""

from collections.abc import Iterator

from omtui.checks import oracle_pages
from omtui.checks.captions import Captions
from omtui.checks.facts import news_26c
from omtui.checks.finding import CheckContext, Flaw, Level
from omtui.checks.moments import is_after
from omtui.checks.registry import check
from omtui.checks.routing_rules import TASK_TYPE, RuleBranch, Rules
from omtui.checks.wording import KnownNames, joined, quoted
from omtui.setup.catalogue import TABLES
from omtui.setup.comparisons import kind_of, misfit, value_words
from omtui.setup.connectors import ASYNCHRONOUS, BUSINESS_EVENT, PREDEFINED_CONNECTORS, SYNCHRONOUS
from omtui.setup.indexed import Indexed, flag, is_predefined, text
from omtui.setup.place import Path
from omtui.setup.record_hash import record_hash
from omtui.setup.routing import ATTRIBUTES, EMPTY_OPERATORS, ENTITIES, OPERATORS, SET_CONNECTOR, operator_word
from omtui.setup.table import Record
from omtui.setup.task_types import ACKNOWLEDGED_BY_ORACLE, PAUSE_TASK_TYPE, PREDEFINED_TASK_TYPES
from omtui.setup.values import parsed
from omtui.store.change import MISSING, Insert, Remove, Set

_OBSOLETE = "_obsolete"


def predefined_task_types(setup: Indexed) -> frozenset[str]:
    """Oracle's own task types: those known from public text, and those noted as predefined."""
    noted = (text(f.record, "name") for f in setup.records("task_types") if is_predefined(f.record))
    return frozenset((*PREDEFINED_TASK_TYPES, *noted))


def _named(branch: RuleBranch, task_types: frozenset[str] | tuple[str, ...]) -> list[str]:
    """Those of the task types for which a branch is made; none when it is not made for certain ones."""
    if branch.task_types.excluded:
        return []
    return [name for name in task_types if name in branch.task_types.names]


@check("S7-01", "error", "a rule sets a connector that is not in step 5", oracle_pages.ROUTING_ACTIONS)
def unknown_connector(setup: Indexed, rules: Rules) -> Iterator[Flaw]:
    """The action Set Connector Name names a connector that is not noted.

    Why: The page offers connectors of step 5 and Oracle's own. Without the connector no request goes out.
    Fix: Correct the name, add the connector in step 5, or note Oracle's own with predefined = true.
    """
    known = setup.by_key("connectors")
    names: KnownNames | None = None
    for branch, path, name in rules.connectors:
        if name in known:
            continue
        message = f"{quoted(branch.rule.name)} sets the connector {quoted(name)}, which is not in step 5"
        add: tuple[Insert, ...] = ()
        near = None
        if name in PREDEFINED_CONNECTORS:
            add = (Insert(("connectors",), len(setup.records("connectors")), {"name": name, "predefined": True}),)
            fix = "note it in step 5 with predefined = true: it is Oracle's own"
        else:
            names = names or KnownNames(known)
            near = names.nearest(name)
            fix = names.offer(name, "add it in step 5; if it is Oracle's own, note it with predefined = true")
        yield Flaw(path, message, fix, operations=add, enter=near)


@check("S7-02", "error", "a condition on an unknown task type", oracle_pages.ROUTE_REQUESTS, weakest="warning")
def unknown_task_type(setup: Indexed, rules: Rules) -> Iterator[Flaw]:
    """The task type is neither in step 1 nor known as Oracle's own (a warning, unless it is within two letters of a
    name of step 1).

    Why: A task type that does not exist is never asked for, so the rule never applies.
    Fix: Correct the name. If it is Oracle's own, note it in step 1 with predefined = true.
    """
    made = setup.by_key("task_types")
    known = {*made, *PREDEFINED_TASK_TYPES}
    folded_known: set[str] | None = None
    of_step_1, names = KnownNames(made), KnownNames((*made, *PREDEFINED_TASK_TYPES))
    for _, path, leaf in rules.comparisons:
        if leaf.get("attribute") != TASK_TYPE:
            continue
        operator = operator_word(leaf.get("operator"))
        for here, value in _compared_texts(path, leaf, operator):
            if value in known or not value.strip():
                continue
            if operator == "equals ignore case":
                folded_known = folded_known or {each.casefold() for each in known}
                if value.casefold() in folded_known:
                    continue
            level: Level | None = None if of_step_1.mistyped(value) else "warning"
            message = f"the task type {quoted(value)} is neither in step 1 nor known as Oracle's own"
            fix = names.offer(value, "add it in step 1; if it is Oracle's own, note it with predefined = true")
            yield Flaw(here, message, fix, level, enter=names.nearest(value))


def _compared_texts(path: Path, leaf: Record, operator: str) -> Iterator[tuple[Path, str]]:
    """The whole texts that a comparison names, each with its path."""
    if operator not in ("is equal to", "is not equal to", "is in", "is not in", "equals ignore case"):
        return
    value = leaf.get("value")
    if isinstance(value, str):
        yield (*path, "value"), value
    elif isinstance(value, list):
        for number, each in enumerate(value):
            if isinstance(each, str):
                yield (*path, "value", number), each


@check("S7-03", "error", "a task type that no rule routes", oracle_pages.ROUTE_REQUESTS)
def not_routed(setup: Indexed, rules: Rules) -> Iterator[Flaw]:
    """A process uses the custom task type, and no active rule sets a connector for it.

    Why: Oracle's own rules cover Oracle's own task types. A custom one without a rule has no connector, and its request
    cannot be sent.
    Fix: Add a rule with the condition Task Type is equal to the task type, and the action Set Connector Name.
    """
    # A rule without a condition on the task type covers every task type; one that is over covers none.
    used: dict[str, tuple[str, str]] = {}
    for process in setup.records("orchestration_processes"):
        if text(process.record, "status") != "Obsolete":
            for step in setup.within(process, "steps"):
                where = text(process.record, "name"), text(step.record, "name") or text(step.record, "number")
                used.setdefault(text(step.record, "task_type"), where)
    covered: set[str] = set()
    excluded: list[frozenset[str]] = []
    for rule in (*rules.own, *rules.predefined):
        for branch in rule.branches if rule.in_effect else ():
            if branch.connectors and branch.task_types.excluded:
                excluded.append(branch.task_types.names)
            elif branch.connectors:
                covered |= branch.task_types.names
    for path, record in setup.records("task_types"):
        name = text(record, "name")
        if name not in used or not name.strip() or is_predefined(record) or name in PREDEFINED_TASK_TYPES:
            continue
        if name not in covered and all(name in names for names in excluded):
            process_name, step_name = used[name]
            of = f" of {quoted(process_name)}" if process_name else ""
            message = (
                f"the step {quoted(step_name)}{of} uses {quoted(name)}, and no active rule sets a connector for it"
            )
            yield Flaw(path, message, f"add a rule: IF {TASK_TYPE} is equal to {quoted(name)} THEN {SET_CONNECTOR}")


@check("S7-05", "warning", "a rule that is not in effect", oracle_pages.ROUTE_REQUESTS)
def not_in_effect(setup: Indexed, context: CheckContext, rules: Rules) -> Iterator[Flaw]:
    """The rule is not active, not published, was edited since it was published, or its end date has passed.

    Why: Only active rules are published, and nothing takes effect before Publish.
    Fix: Activate the rule, save and publish; or remove it.
    """
    # A rule that is not active is reported once: publishing it would change nothing. A rule that has other values
    # than when it was ticked was edited since: its `published` does not count then.
    hashes_when_ticked = {
        str(done.get("place")): done.get("entered") for done in context.progress or () if not done.get("skipped")
    }
    for rule in rules.own:
        shown = quoted(rule.name)
        if not rule.is_active:
            fix = "activate it and publish, or remove it"
            yield Flaw((*rule.path, "active"), f"{shown} is not active", fix, enter=True, chooses=True)
            continue
        if not flag(rule.record, "published"):
            fix = "publish it in the pod, then set published = true"
            yield Flaw((*rule.path, "published"), f"{shown} is active and not published", fix, enter=True)
        elif flag(rule.record, "changed_since_publish"):
            fix = "publish it again, then set changed_since_publish = false"
            message = f"{shown} was edited since it was published: the pod still follows the old rule"
            yield Flaw((*rule.path, "changed_since_publish"), message, fix, enter=False)
        elif hashes_when_ticked and _differs(rule.record, hashes_when_ticked.get(str(setup.place(rule.path)))):
            fix = "enter it in the pod again and publish, then tick it with omtui tick"
            message = f"{shown} was edited since it was entered in the pod and published"
            yield Flaw((*rule.path, "changed_since_publish"), message, fix)
        if rule.end < context.today:
            fix = "set a later end date and publish, or remove the rule"
            yield Flaw((*rule.path, "end_date"), f"{shown} ended on {rule.end}", fix)


def _differs(rule: Record, hash_when_ticked: object) -> bool:
    """Whether a rule is another than the one that was ticked, by the hash of that one."""
    return bool(hash_when_ticked) and hash_when_ticked != record_hash(TABLES["routing_rules"], rule)


@check("S7-06", "error", "a connector for a pause task", oracle_pages.RULE_TYPES)
def connector_for_pause(rules: Rules) -> Iterator[Flaw]:
    """The rule is made for the task type Pause and sets a connector.

    Why: Oracle: do not create a routing rule that depends on a pause task and that sets the connector. A pause asks
    nobody for anything.
    Fix: Remove Pause from the condition, or the action.
    """
    # Branches that name the task type; a rule for every task type is not made for it.
    for branch in rules.branches:
        if branch.connectors and _named(branch, (PAUSE_TASK_TYPE,)):
            path, name = branch.connectors[0]
            message = f"{quoted(branch.rule.name)} sets the connector {quoted(name)} for {quoted(PAUSE_TASK_TYPE)}"
            fix = f"remove {quoted(PAUSE_TASK_TYPE)} from the condition, or the action"
            yield Flaw((*path[:-1], "action"), message, fix)


_FOR_OWN_TASK_TYPES = ("Override Operation", "Override Compensation Pattern")
_TIMEOUT = "Set Acknowledgement Timeout"


@check(
    "S7-07",
    "error",
    "an action that the task type does not take",
    oracle_pages.ROUTING_ACTIONS,
    oracle_pages.NO_TIMEOUT,
    weakest="warning",
)
def action_of_another_task_type(setup: Indexed, rules: Rules) -> Iterator[Flaw]:
    """Override Operation or Override Compensation Pattern for one of Oracle's own task types; or, as a warning, Set
    Acknowledgement Timeout for an inventory, shipping or receivables task.

    Why: Oracle allows the first two for task types of one's own only, and the timeout not for tasks of inventory,
    shipping and receivables. Which task types these are is inferred.
    Fix: Remove the action, or make the rule for a task type of your own.
    """
    # Branches that name the task type.
    predefined = predefined_task_types(setup)
    for branch, path, action in rules.actions:
        kind = text(action, "action")
        level: Level | None = "warning" if kind == _TIMEOUT else None
        if kind in _FOR_OWN_TASK_TYPES:
            wrong, why = _named(branch, predefined), "Oracle's own task type"
        elif kind == _TIMEOUT:
            wrong, why = _named(branch, ACKNOWLEDGED_BY_ORACLE), "the inventory, shipping or receivables task"
        else:
            continue
        if wrong:
            message = f"{quoted(branch.rule.name)} does {kind} for {why} {joined([quoted(w) for w in sorted(wrong)])}"
            fix = "remove the action, or make it for a task type of your own"
            yield Flaw((*path, "action"), message, fix, level)


@check(
    "S7-08",
    "error",
    "a condition that cannot be judged",
    oracle_pages.RULE_TYPES,
    oracle_pages.RULE_EDITOR,
    oracle_pages.RULE_OPERATORS,
    weakest="warning",
)
def condition(rules: Rules) -> Iterator[Flaw]:
    """The condition names an attribute that is obsolete, an entity that does not exist, or an operator that does not
    fit the type of its value. An operator that is not known and a value of another type than the attribute's are
    warnings.

    Why: A text is never equal to a number, and dates are compared by before and after. The rules engine refuses objects
    whose name holds _Obsolete. The list of operators is not complete: Oracle's pages show some of them only.
    Fix: Choose attribute, entity and operator as the page offers them, and enter the value with its type: texts in
    quotes, numbers and dates without.
    """
    entities = KnownNames(ENTITIES)
    for _, path, leaf in rules.comparisons:
        entity, attribute = leaf.get("entity"), text(leaf, "attribute")
        if entity not in ENTITIES and entity not in (None, ""):
            fix = entities.offer(str(entity), "choose " + joined([quoted(each) for each in ENTITIES], "or"))
            near = entities.nearest(str(entity))
            yield Flaw((*path, "entity"), f"there is no entity {quoted(entity)}", fix, enter=near)
        if _OBSOLETE in attribute.lower() or _OBSOLETE in text(leaf, "entity").lower():
            field = "attribute" if _OBSOLETE in attribute.lower() else "entity"
            message = f"{quoted(leaf.get(field))} is obsolete and must not be used in a rule"
            yield Flaw((*path, field), message, "choose the attribute that took its place")
        yield from _unfit(path, leaf, attribute)


def _unfit(path: Path, leaf: Record, attribute: str) -> Iterator[Flaw]:
    """Operator and value of a comparison that do not go together."""
    wrong = misfit(leaf)
    if wrong:
        if text(leaf, "operator").strip():
            shown = f"{quoted(attribute)}: {wrong.message}" if attribute else wrong.message
            is_known = operator_word(leaf.get("operator")) in OPERATORS
            near = KnownNames(OPERATORS).nearest(text(leaf, "operator")) if wrong.about == "operator" else None
            near = near if near and misfit({**leaf, "operator": near}) is None else None
            yield Flaw((*path, wrong.about), shown, wrong.fix, None if is_known else "warning", enter=near)
        return
    value = leaf.get("value")
    operator = operator_word(leaf.get("operator"))
    if operator in EMPTY_OPERATORS:
        if value is not None:
            message = f'{quoted(attribute)}: "{operator}" takes no value'
            remove = Set((*path, "value"), value, MISSING)
            yield Flaw((*path, "value"), message, "remove the value", "warning", operations=(remove,))
        return
    known = ATTRIBUTES.get(attribute, ("", ""))[1]
    kinds = {kind_of(each) for each in (value if isinstance(value, list) else [value])}
    if known and kinds and known not in kinds:
        shown = value_words(value)
        fix = {
            "text": "enter it in quotes, as a text",
            "number": "enter it without quotes, as a number",
            "date": "enter a date without quotes, for example 2027-01-31",
        }[known]
        message = f"{quoted(attribute)} is a {known}, and {shown} never equals one"
        yield Flaw((*path, "value"), message, fix, "warning", enter=_as_kind(value, known))


def _as_kind(value: object, known: str) -> object:
    """The value as the type that its attribute has; `None` where it reads as no such value."""
    if isinstance(value, list):
        values = [_as_kind(each, known) for each in value]
        return None if None in values else values
    new = str(value) if known == "text" and type(value) is int else parsed(value) if isinstance(value, str) else None
    return new if kind_of(new) == known else None


@check("S7-09", "error", "a rule that ends before it starts", oracle_pages.OWN)
def start_after_end(rules: Rules) -> Iterator[Flaw]:
    """The start date is after the end date.

    Why: The rule is never in effect.
    Fix: Correct one of the dates.
    """
    # A date and a date-time are compared by day.
    for rule in rules.own:
        start, end = rule.record.get("start_date"), rule.record.get("end_date")
        if is_after(start, end):
            message = f"{quoted(rule.name)} starts on {value_words(start)} and ends on {value_words(end)}"
            yield Flaw((*rule.path, "start_date"), message, f"enter a start date up to {rule.end}, or a later end date")


@check("S7-10", "warning", "a caption that says something else", oracle_pages.ROUTING_RULES)
def caption(setup: Indexed, rules: Rules) -> Iterator[Flaw]:
    """The text of IF or THEN contradicts the conditions or the actions.

    Why: Oracle does not read captions. People do, and take the rule for what it says.
    Fix: Correct the text, or the condition or action when the text is what was meant.
    """
    # Only what cannot be meant otherwise: see `captions`.
    captions = Captions(setup, rules)
    for rule in rules.own:
        for branch in rule.branches:
            holder = rule.record if branch.is_else else branch.record
            path = rule.path if branch.is_else else branch.path
            if not branch.is_else and (said := text(holder, "if_text")):
                contradiction = captions.contradiction_in_if(said, branch)
                if contradiction:
                    fix = "correct the text, or the condition if the text is what was meant"
                    yield Flaw((*path, "if_text"), f"{quoted(said)} contradicts the condition: {contradiction}", fix)
            field = "else_text" if branch.is_else else "then_text"
            if said := text(holder, field):
                contradiction = captions.contradiction_in_then(said, branch)
                if contradiction:
                    fix = "correct the text, or the connector if the text is what was meant"
                    yield Flaw((*path, field), f"{quoted(said)} contradicts the action: {contradiction}", fix)


@check("S7-11", "error", "two connectors in one branch", oracle_pages.RULE_LOGIC)
def two_connectors(rules: Rules) -> Iterator[Flaw]:
    """One branch of the rule does Set Connector Name twice.

    Why: A request goes to one connector. Which of two wins is not documented.
    Fix: Remove one of the actions, or split the branch by a further condition.
    """
    # Reported on each after the first.
    for branch in rules.branches:
        setting = [found for found in branch.actions if text(found.record, "action") == SET_CONNECTOR]
        for path, action in setting[1:]:
            first, again = quoted(text(setting[0].record, "value")), quoted(text(action, "value"))
            message = f"{quoted(branch.rule.name)} sets {first} and then {again} in one branch"
            fix = f"remove one of the two actions {SET_CONNECTOR}"
            yield Flaw(path, message, fix, operations=_remove(path, action), chooses=True)


@check("S7-13", "error", "a connector of the wrong invocation mode", news_26c.CONNECTOR_PAGE, weakest="warning")
def connector_mode(setup: Indexed, rules: Rules) -> Iterator[Flaw]:
    """The connector is of no mode in which a fulfillment request can be sent. Business Event is a warning.

    Why: A routing rule needs Synchronous or Asynchronous Service. The source text allows Business Event for Integration
    Cloud, which Oracle advises against.
    Fix: Choose a connector of mode Asynchronous Service or Synchronous Service.
    """
    # A mode that is not given is reported by P0-07.
    known = setup.by_key("connectors")
    for branch, path, name in rules.connectors:
        record = known[name][0].record if name in known else {}
        mode = text(record, "invocation_mode")
        if not mode.strip() or mode in (SYNCHRONOUS, ASYNCHRONOUS) or is_predefined(record):
            continue
        message = f"{quoted(branch.rule.name)} sets {quoted(name)}, a connector of mode {quoted(mode)}"
        fix = f"set a connector of mode {ASYNCHRONOUS} or {SYNCHRONOUS}, or change the mode in step 5"
        yield Flaw(path, message, fix, "warning" if mode == BUSINESS_EVENT else None)


@check("S7-14", "error", "Prepare Result is used", oracle_pages.ROUTING_ACTIONS)
def prepare_result(rules: Rules) -> Iterator[Flaw]:
    """The rule does Prepare Result.

    Why: Oracle uses it internally and says not to use it.
    Fix: Remove the action.
    """
    for branch, path, action in rules.actions:
        if text(action, "action") == "Prepare Result":
            message = f"{quoted(branch.rule.name)} does Prepare Result, which is Oracle's own"
            yield Flaw((*path, "action"), message, "remove the action", operations=_remove(path, action))


def _remove(path: Path, action: Record) -> tuple[Remove, ...]:
    return (Remove(path[:-1], path[-1], action),) if isinstance(path[-1], int) else ()
