"""The command payload: the body alone on standard output, what to do with it on standard error."""

import json
from pathlib import Path
from xml.etree import ElementTree

from tests.commands.conftest import Command


def test_the_body_is_all_that_is_printed(omtui: Command, samples: Path, tmp_path: Path) -> None:
    answer = omtui("payload", "vision-dev", "response", "task_types[Pick_From_Ravi]")
    assert answer.code == 0
    ElementTree.fromstring(answer.out)
    assert "send it to https://" in answer.err
    assert "the password is not in it" in answer.err
    assert "fill in FulfillmentSystem (CSS01 or CSS03), " in answer.err
    file = tmp_path / "order.json"
    answer = omtui("payload", "vision-dev", "order", "-o", str(file))
    assert (answer.code, answer.out) == (0, "")
    assert json.loads(file.read_text())["SourceTransactionSystem"] == "CSS02"


def test_wrong_usage(omtui: Command, samples: Path) -> None:
    for words in (
        (),
        ("invoice",),
        ("response",),
        ("response", "Nosuch"),
        ("order", "Nosuch"),
        ("response", "Print_Labels"),
        ("response", "zzz[Pick_From_Ravi]"),
        ("response", "task_types[Nosuch]"),
        ("response", "connectors[Connector01]"),
        ("order", "upstream_source_systems"),
    ):
        answer = omtui("payload", "vision-dev", *words)
        assert (answer.code, answer.out) == (2, ""), words


def test_a_place_is_read_as_everywhere_else(omtui: Command, samples: Path) -> None:
    assert omtui("add", "vision-dev", "task_types", 'Pick "A] 1').code == 0
    answer = omtui("payload", "vision-dev", "response", r'task_types["Pick \"A] 1"]')
    assert answer.code == 0, answer.err
    assert 'the code of the task type Pick "A] 1' in answer.out
    assert omtui("payload", "vision-dev", "response", 'Pick "A] 1').out == answer.out
    offered = omtui("completions", "fish", "--line=omtui payload vision-dev response task_types[Pi").out
    assert "task_types[Pick_From_Ravi]" in offered
