"""Places as people say them."""

from omtui.setup.wording import place_words

SAID = {
    "connectors[Connector01].url": "Connector Connector01, Connector URL",
    "connectors[Connector01#2]": "Connector Connector01 (2)",
    "connectors[]": "Connector 1",
    "connectors[#2].url": "Connector 2, Connector URL",
    "connectors": "Connectors",
    "pod": "Pod",
    "pod.url": "Pod, URL",
    "topology.endpoints[Label printer]": "Endpoint Label printer",
    "jeopardy.priorities[HIGH].minimum_score": "Jeopardy priority HIGH, Minimum Score",
    "orchestration_processes[Pick].steps[100].exit_criteria": "Orchestration process Pick, step 100, Exit Criteria",
    "routing_rules[R].when.all[0].value": "Routing rule R, condition 1, Value",
    "routing_rules[R].otherwise[0].then[1]": "Routing rule R, ELSE branch 1, action 2",
    "no place[": "no place[",
}


def test_a_place_is_said_in_the_words_of_the_page() -> None:
    assert {place: place_words(place) for place in SAID} == SAID
