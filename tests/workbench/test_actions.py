"""The one registry of actions: a key means one thing on a screen, and everything can be rebound."""

import importlib
import pkgutil
import re
from itertools import combinations
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.workbench.actions import ACTIONS, BY_NAME, SHARED, Action, Where, at_home
from omtui.workbench.keymap import key_name, key_sheet, keymap
from tests.looping import loop_over

SCREENS = tuple(where for where in get_args(Where) if where != "everywhere")


def meet(one: Action, other: Action) -> bool:
    """Whether two actions can be meant on one screen."""
    return one.where == other.where or "everywhere" in (one.where, other.where)


def test_names_and_keys_are_unique() -> None:
    assert len(BY_NAME) == len(ACTIONS)
    for one, other in combinations(ACTIONS, 2):
        if meet(one, other):
            assert not set(one.keys) & set(other.keys), (one.name, other.name)


@loop_over("action", ACTIONS, [each.name for each in ACTIONS])
def test_every_action_says_what_it_does(action: Action) -> None:
    assert action.title
    assert action.title[0].isupper()
    assert re.fullmatch(r"[A-Z].*\.", action.help)
    assert "!" not in action.help
    assert len(action.short or action.title) <= 12 or not action.footer
    assert len(set(action.keys)) == len(action.keys)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("palette", {"ctrl+p"}),
        ("save", {"ctrl+s"}),
        ("undo", {"ctrl+z"}),
        ("redo", {"ctrl+y"}),
        ("help", {"f1", "?"}),
        ("findings", {"f2", "!"}),
        ("refresh", {"f5", "r"}),
        ("filter", {"/"}),
        ("go", {"g"}),
        ("new", {"n"}),
        ("edit", {"enter"}),
        ("duplicate", {"d"}),
        ("remove", {"delete"}),
        ("definition", {"f12", ">"}),
        ("usages", {"shift+f12", "f24", "<"}),
        ("move_up", {"K"}),
        ("move_down", {"J"}),
        ("back", {"escape"}),
        ("quit", {"ctrl+q"}),
        ("copy", {"y"}),
        ("copy_next", {"Y"}),
        ("copy_task", {"t"}),
        ("plain", {"p"}),
    ],
)
def test_the_keys_that_were_promised(name: str, keys: set[str]) -> None:
    assert keys <= set(BY_NAME[name].keys)


def test_no_action_has_only_a_function_key() -> None:
    for action in ACTIONS:
        assert not action.keys or any(not re.fullmatch(r"(shift\+)?f\d+", key) for key in action.keys), action.name


def test_what_changes_a_profile_is_marked() -> None:
    marked = {action.name for action in ACTIONS if action.changes}
    assert marked >= {"new", "duplicate", "remove", "move_up", "move_down", "undo", "redo", "save", "discard"}
    assert not marked & {"copy", "copy_next", "copy_task", "plain", "filter", "search", "definition", "usages", "quit"}


def test_every_screen_has_its_own_actions_first() -> None:
    for where in SCREENS:
        found = at_home(where)
        own = [action for action in found if action.name not in SHARED.get(where, ())]
        assert {action.where for action in own} <= {where, "everywhere"}
        keys = [key for action in found for key in action.keys]
        assert len(keys) == len(set(keys)), where
        places = [action.where == "everywhere" for action in found]
        assert places == sorted(places)
    assert {action.name for where in SCREENS for action in at_home(where)} == set(BY_NAME)


def test_the_key_sheet_has_every_action_once() -> None:
    lines = key_sheet().splitlines()
    assert sum(line.startswith("| ") for line in lines) == len(ACTIONS) + 2 * len({each.where for each in ACTIONS})
    for action in ACTIONS:
        (line,) = [each for each in lines if f"| {action.title} | {action.help} |" in each]
        assert all(f"`{key}`" in line for key in action.keys if key not in ("f24", "slash"))
        assert action.keys or line.startswith("| palette |")


@pytest.mark.parametrize(
    ("key", "shown"), [("f5", "F5"), ("f12", "F12"), ("f", "f"), ("ctrl+s", "ctrl+s"), ("escape", "esc"), ("K", "K")]
)
def test_how_keys_are_shown(key: str, shown: str) -> None:
    assert key_name(key) == shown


# The settings file


def test_no_settings_change_nothing() -> None:
    keys = keymap({})
    assert keys.faults == ()
    assert all(keys.of(action) == action.keys for action in ACTIONS)


def test_keys_can_be_changed() -> None:
    keys = keymap({"save": "ctrl+w", "undo": ["u", "ctrl+z"]})
    assert keys.faults == ()
    assert keys.of(BY_NAME["save"]) == ("ctrl+w",)
    assert keys.of(BY_NAME["undo"]) == ("u", "ctrl+z")
    assert "`ctrl+w` | Save" in key_sheet(keys)


def test_two_actions_can_change_places() -> None:
    keys = keymap({"undo": "ctrl+y", "redo": "ctrl+z"})
    assert keys.faults == ()
    assert (keys.of(BY_NAME["undo"]), keys.of(BY_NAME["redo"])) == (("ctrl+y",), ("ctrl+z",))


def test_actions_of_different_screens_can_share_a_key() -> None:
    assert keymap({"open": "o", "edit": "o"}).faults == ()


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"svae": "ctrl+w"}, "keys.svae: there is no such action; did you mean save?"),
        ({"\x1b[2J": "x"}, "keys.␛[2J: there is no such action"),
        ({"save": 5}, 'keys.save: write a key or a list of keys, for example "ctrl+w"'),
        ({"save": ""}, 'keys.save: write a key or a list of keys, for example "ctrl+w"'),
        ({"save": []}, 'keys.save: write a key or a list of keys, for example "ctrl+w"'),
        ({"save": ["a", 5]}, 'keys.save: write a key or a list of keys, for example "ctrl+w"'),
        ({"save": "n"}, "keys.save: n already means New"),
        ({"save": "escape"}, "keys.save: escape already means Back"),
    ],
)
def test_what_cannot_be_followed_is_reported_and_left(settings: dict[str, Any], fault: str) -> None:
    keys = keymap(settings)
    assert keys.faults == (fault,)
    assert keys.keys == keymap({}).keys


_keys = st.sampled_from(["a", "b", "n", "ctrl+s", "ctrl+z", "escape", "f1", "?", "ctrl+q"])
_settings = st.dictionaries(
    st.sampled_from([*BY_NAME, "unknown"]), _keys | st.lists(_keys | st.just(5), max_size=3) | st.integers()
)


@given(_settings)
def test_whatever_is_set_every_key_means_one_thing(settings: dict[str, Any]) -> None:
    keys = keymap(settings)
    assert set(keys.keys) == set(BY_NAME)
    for one, other in combinations(ACTIONS, 2):
        if meet(one, other):
            assert not set(keys.of(one)) & set(keys.of(other))
    for name, value in settings.items():
        wanted = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else ()
        if any(fault.startswith(f"keys.{name}:") for fault in keys.faults):
            assert name not in BY_NAME or keys.keys[name] == BY_NAME[name].keys
        else:
            assert keys.keys[name] == wanted != ()


# Who carries them out


def test_every_action_is_carried_out_by_a_screen_or_the_app() -> None:
    from omtui.workbench import app, screens

    names = [each.name for each in pkgutil.iter_modules(screens.__path__)]
    modules = [app, *(importlib.import_module(f"omtui.workbench.screens.{name}") for name in names)]
    classes = [each for module in modules for each in vars(module).values() if isinstance(each, type)]
    for action in ACTIONS:
        assert any(hasattr(each, f"do_{action.name}") for each in classes), action.name
    known = {f"do_{action.name}" for action in ACTIONS} | {f"why_not_{action.name}" for action in ACTIONS}
    for each in classes:
        named = {name for name in vars(each) if name.startswith(("do_", "why_not_"))}
        assert each.__module__.split(".")[0] != "omtui" or named <= known, (each, named - known)


def test_a_screen_that_holds_something_asks_about_it() -> None:
    from omtui.workbench import screens
    from omtui.workbench.screens.base import WorkScreen
    from omtui.workbench.screens.dialogs import Dialog

    for each in pkgutil.iter_modules(screens.__path__):
        for kind in vars(importlib.import_module(f"omtui.workbench.screens.{each.name}")).values():
            if isinstance(kind, type) and issubclass(kind, WorkScreen | Dialog):
                assert ("holds" in vars(kind)) == ("settle" in vars(kind)), kind
