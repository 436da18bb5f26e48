"""Captions of routing rules: whether the text of IF or THEN says something else than conditions and actions do.

A caption is free text, so a finding needs a text with one meaning only. In IF: `Item is CM5008`, where an attribute is
named as Oracle names it and the value looks like a value (a code, or one that some rule uses), and the conditions say
otherwise. In THEN: another connector or system of this profile by its name; or one of Fusion's own applications
(`to Oracle Fusion Invoicing`), while an external connector is set of which nothing bears that name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from omtui.checks.routing_rules import RuleBranch, Rules
from omtui.checks.wording import listed, quoted
from omtui.setup.connectors import PREDEFINED_CONNECTORS
from omtui.setup.hosts import host_of
from omtui.setup.indexed import Indexed, LocatedRecord, is_predefined, text
from omtui.setup.references import conditions
from omtui.setup.routing import ATTRIBUTES, operator_word
from omtui.setup.table import Record
from omtui.setup.task_types import PREDEFINED_TASK_TYPES

_LONGEST = 500
"""How much of a caption is read."""

# Compiled at first use: most profiles are checked without any need for them.
_VERBS = r"is\s+not\s+equal\s+to|is\s+not|isn't|is\s+equal\s+to|equals|is"
_VERB = rf"(?P<verb>(?<=\s)(?:{_VERBS})(?=\s)|==?|!=|<>|:)"
_DENYING = r"not|n't|<>|!="
_VALUE = (
    r"[\"'“‘]?(?P<value>[^\"'“”‘’\s,;.()][^\"'“”‘’,;()]*?)[\"'”’]?"
    r"(?=\s+(?:and|or|but|then|when)\b|\s*[,;()\"'”’]|\.?\s*$|\.\s)"
)
_CODE = r"(?=[^\s]*(?:\d|_|[A-Z][A-Z]))[\w./-]+"
"""A text that is no word of a sentence: with a digit, an underscore or capitals."""
_NAME_LIKE = r".*(?:\d|_|[a-z][A-Z]|[A-Z]{2}|\s)"

_MODULES = r"invoic\w*|receivables?|billing|shipping|shipments?|inventory|receiving|reservations?|order\s+management"
_TO_ORACLE = (
    r"(?i)\b(?:to|into|via|through|by|with|use[sd]?|using|call(?:s|ing)?)\s+(?:the\s+|our\s+)?"
    rf"(?P<what>oracle(?:'s)?\s+(?:cloud\s+)?fusion\b(?:\s+(?:{_MODULES}))?"
    rf"|(?:oracle(?:'s)?|fusion)\s+(?:cloud\s+|fusion\s+)?(?:{_MODULES}))"
)
_DENIED_BEFORE = r"(?i)\b(?:not|never|instead|rather|no\s+longer)\b[^.;]{0,20}$"
_EXTERNAL = r"(?i)\b(?:external|third[- ]party|3pl)\b"
_COMMON = """
    oracle fusion cloud system systems route routes routed send sends request requests connector connectors order orders
    the and for via with into use uses using service services application applications module erp scm saas set call
    calls external our
"""


class Captions:
    """What the captions of a profile's rules may mention: its connectors, systems, task types and values."""

    def __init__(self, setup: Indexed, rules: Rules) -> None:
        self._setup = setup
        self._rules = rules
        self._patterns: dict[frozenset[str], re.Pattern[str]] = {}

    def contradiction_in_if(self, caption: str, branch: RuleBranch) -> str | None:
        """How the caption of IF contradicts the conditions of a branch; `None` when it does not, or may not."""
        when = branch.record.get("when")
        if not isinstance(when, dict) or not when or _has_not(when):
            return None
        compared: dict[str, list[Record]] = {}
        for _, leaf in conditions((), when):
            compared.setdefault(text(leaf, "attribute").casefold(), []).append(leaf)
        for match in self._pattern(compared).finditer(caption[:_LONGEST]):
            name = re.sub(r"\s+", " ", match["attribute"])
            denied = bool(re.search(_DENYING, match["verb"].lower()))
            said = match["value"].strip()
            contradiction = self._name_contradiction(name, said, denied, compared.get(name.casefold(), []))
            if contradiction:
                return contradiction
        return None

    def contradiction_in_then(self, caption: str, branch: RuleBranch) -> str | None:
        """How the caption of THEN contradicts the connectors of a branch; `None` when it does not, or may not."""
        caption = caption[:_LONGEST]
        names = [name for _, name in branch.connectors]
        known = self._setup.by_key("connectors")
        used = [known[name][0] for name in names if name in known]
        if len(used) < len(names):  # S7-01 reports it
            return None
        does = f"the action sets {listed(names)}" if names else "no action sets a connector"
        if any(self._speaks_of(caption, connector) for connector in used):
            return None
        for name in self._named_in(caption, self._connector_names):
            if name not in names:
                return f"it names the connector {quoted(name)}, and {does}"
        if not used:
            return None
        targets = {text(connector.record, "target_system") for connector in used}
        for name in self._named_in(caption, self._system_names):
            if self._system_names[name] not in targets:
                return f"it names the system {quoted(name)}, and {does}, of {listed(sorted(targets))}"
        return self._of_oracle(caption, used, does)

    def _of_oracle(self, caption: str, used: list[LocatedRecord], does: str) -> str | None:
        oracles = [is_predefined(each.record) or text(each.record, "name") in PREDEFINED_CONNECTORS for each in used]
        match = re.search(_TO_ORACLE, caption)
        if match and not any(oracles) and not re.search(_DENIED_BEFORE, caption[: match.start()]):
            return f"it says {quoted(match['what'])}, and {does}, which is external"
        if re.search(_EXTERNAL, caption) and all(oracles) and not re.search(_DENIED_BEFORE, caption):
            return f"it says external, and {does}, which is Oracle's own"
        return None

    def _name_contradiction(self, name: str, said: str, denied: bool, leaves: list[Record]) -> str | None:
        """How one clause of the caption contradicts the comparisons of its attribute."""
        expected: list[str] = []
        excluded: list[str] = []
        for leaf in leaves:
            value = leaf.get("value")
            values = [str(each) for each in (value if isinstance(value, list) else [value])]
            match operator_word(leaf.get("operator", "")):
                case "is equal to" | "is in" | "equals ignore case" | "starts with" | "ends with" | "contains":
                    expected += values
                case "is not equal to" | "is not in":
                    excluded += values
                case _:
                    return None  # ranges and patterns can be put into words in too many ways
        if denied:
            right = [value for value in expected if value.casefold() == said.casefold()]
            return f"it says that {name} is not {quoted(said)}, and the condition asks for it" if right else None
        if any(_overlap(said, value) for value in expected):
            return None
        if any(value.casefold() == said.casefold() for value in excluded):
            return f"it says that {name} is {quoted(said)}, and the condition rules it out"
        if excluded or not self._is_value(name, said):
            return None
        if not expected:
            return f"it says that {name} is {quoted(said)}, and no condition compares {name}"
        return f"it says that {name} is {quoted(said)}, and the condition compares it with {listed(expected, 'or')}"

    def _is_value(self, name: str, said: str) -> bool:
        """Whether what a caption says looks like a value and not like a description."""
        return re.fullmatch(_CODE, said) is not None or said.casefold() in self._values.get(name.casefold(), ())

    def _speaks_of(self, caption: str, connector: LocatedRecord) -> bool:
        """Whether a caption names a connector, its target system, or shares a distinctive word with them."""
        words = self._words_of(connector)
        folded = caption.casefold()
        if any(name.casefold() in folded for name in words if name):
            return True
        identity = " ".join(words).casefold()
        common = _COMMON.split()
        return any(
            word in identity for word in re.findall(r"\w{3,}", folded) if word not in common and not word.isdecimal()
        )

    def _words_of(self, connector: LocatedRecord) -> list[str]:
        record = connector.record
        words = [text(record, field) for field in ("name", "description", "note", "target_system")]
        words.append(host_of(text(record, "url")))
        for system in self._setup.by_key("source_systems").get(text(record, "target_system"), ()):
            words += [text(system.record, field) for field in ("name", "description", "note")]
        return [word for word in words if word.strip()]

    def _named_in(self, caption: str, names: Mapping[str, str]) -> Iterator[str]:
        """The names that are in a caption as words of their own."""
        by_first = self._by_first_word(names)
        for match in re.finditer(r"\w+", caption):
            for name in by_first.get(match[0], ()):
                end = match.start() + len(name)
                if caption[match.start() : end] == name and not caption[end : end + 1].isalnum():
                    yield name

    def _by_first_word(self, names: Mapping[str, str]) -> dict[str, list[str]]:
        key = id(names)
        if key not in self._first_words:
            found = self._first_words[key] = {}
            for name in names:
                if first := re.match(r"\w+", name):
                    found.setdefault(first[0], []).append(name)
        return self._first_words[key]

    @cached_property
    def _first_words(self) -> dict[int, dict[str, list[str]]]:
        return {}

    @cached_property
    def _connector_names(self) -> dict[str, str]:
        """Names of connectors that cannot be taken for a common word."""
        return {name: name for name in self._setup.by_key("connectors") if re.match(_NAME_LIKE, name) and len(name) > 3}

    @cached_property
    def _system_names(self) -> dict[str, str]:
        """Codes and names of systems that cannot be taken for a common word, each with the code."""
        found: dict[str, str] = {}
        for system in self._setup.records("source_systems"):
            code = text(system.record, "code")
            for name in (code, text(system.record, "name")):
                if re.match(_NAME_LIKE, name) and len(name) > 3:
                    found.setdefault(name, code)
        return found

    @cached_property
    def _values(self) -> dict[str, set[str]]:
        """The texts that rules compare each attribute with, and the task types, all in lower case."""
        found: dict[str, set[str]] = {}
        for rule in (*self._rules.own, *self._rules.predefined):
            for _, leaf in rule.comparisons():
                value = leaf.get("value")
                values = value if isinstance(value, list) else [value]
                known = found.setdefault(text(leaf, "attribute").casefold(), set())
                known.update(each.casefold() for each in values if isinstance(each, str))
        types = found.setdefault("task type", set())
        types.update(name.casefold() for name in (*self._setup.by_key("task_types"), *PREDEFINED_TASK_TYPES))
        return found

    def _pattern(self, compared: Iterable[str]) -> re.Pattern[str]:
        """Finds `ATTRIBUTE is VALUE` for the known attributes and those of the rule."""
        further = frozenset(name for name in compared if name and name not in _KNOWN)
        if further not in self._patterns:
            names = sorted({*_KNOWN, *further}, key=len, reverse=True)
            words = "|".join(r"\s+".join(map(re.escape, name.split())) for name in names)
            entity = r"(?:\s*\([\w\s]{0,40}\))?"
            pattern = rf"(?<![\w.])(?P<attribute>{words}){entity}\s*{_VERB}\s*{_VALUE}"
            self._patterns[further] = re.compile(pattern, re.IGNORECASE)
        return self._patterns[further]


_KNOWN = tuple(name.casefold() for name in ATTRIBUTES)


def _has_not(node: object) -> bool:
    """Whether a tree of conditions holds a `not`: then a caption can be put in too many ways."""
    if not isinstance(node, dict):
        return False
    inner = [*_items(node, "all"), *_items(node, "any")]
    return "not" in node or any(_has_not(each) for each in inner)


def _items(node: Mapping[str, object], join: str) -> list[object]:
    value = node.get(join)
    return value if isinstance(value, list) else []


def _overlap(said: str, value: str) -> bool:
    one, other = said.casefold(), value.casefold()
    return one in other or other in one
