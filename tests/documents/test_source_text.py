"""The walk-through of the source text's set-up says everything that the text says, line by line."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from omtui.documents.markdown import to_markdown
from omtui.documents.runbook_document import runbook_document
from omtui.documents.walk import runbook
from omtui.setup.indexed import Indexed

FLOW, DEPLOY, PROOF = "What flows", "Deploy and publish", "Proof"

LINES: dict[int, tuple[str, str, str]] = {
    # line of the text: (its first words, section of the walk-through, what is in it)
    1: ("Order management can be integrated", "", "systems of others are integrated by the set-up"),
    4: ("External Integration Flow and Setup", FLOW, "What flows"),
    5: ("Platform that enables", FLOW, "SOAP services that they call and business events that they hear"),
    6: ("Services", FLOW, "Services: the upstream system"),
    7: ("OrderInformationService", FLOW, "Service OrderInformationService"),
    8: ("OrderFulfillmentResponseService", FLOW, "Service OrderFulfillmentResponseService"),
    9: ("Events", FLOW, "Events: OrderStatusUpdated and SalesOrderNotification"),
    10: ("OrderStatusUpdated event", FLOW, "Event: `OrderStatusUpdated`"),
    11: ("SalesOrderNotification event", FLOW, "Event: `SalesOrderNotification`"),
    13: ("Step 0", "0", "Roles and privileges"),
    14: ("For Upstream Integration", "0", "Integration user upstream"),
    15: ("Manage Order Specialist", "0", "Privilege: `Manage Order Specialist`"),
    16: ("For Downstream Integration", "0", "Integration user downstream"),
    17: ("… Generic Web Service", "0", "Privilege: `Manage Orchestration Generic Web Service`"),
    18: ("… Order Activity", "0", "`Manage Orchestration Order Activity Interface Web Service`"),
    19: ("… Order Fulfillment", "0", "`Manage Orchestration Order Fulfillment Interface Web Service`"),
    20: ("… Order Modification", "0", "`Manage Orchestration Order Modification`"),
    21: (
        "… Purchasing",
        "0",
        "`Manage Orchestration Purchasing Interface Web Service` (Oracle writes Manage Orchestration Order",
    ),
    22: ("… Order Receiving", "0", "`Manage Orchestration Order Receiving Interface Web Service`"),
    23: ("… Order Shipping", "0", "`Manage Orchestration Order Shipping Interface Web Service`"),
    24: ("… Order Template", "0", "`Manage Orchestration Order Template interface Web Service` (Oracle writes"),
    25: ("… Transportation", "0", "`Manage Web Service Interface to Transportation Data for Sales Order`"),
    26: ("Step 1", "1", "Manage Task Types"),
    27: ("Navigation", "1", "search for the task Manage Task Types"),
    28: ("Add Custom, Task Type", "1", "Actions > Add Custom"),
    29: ("Services by default", "1", "the two services are added by default"),
    30: ("Please note", "1", "are used in the steps of the orchestration process"),
    32: ("Task tab", "1", "Task Pick Carton"),
    33: ("Save and Close", "1", "Save and Close"),
    35: ("Step 2", "2", "Manage Orchestration Process Definitions"),
    36: ("custom task steps", "2", "Steps of the custom task type call the external system"),
    37: ("Navigation", "2", "search for Manage Orchestration Process Definitions"),
    38: ("Step Definition, Step Name", "2", "Step Name: `Pick to be done from Ravi`"),
    39: ("Task Type", "2", "Task Type: `Pick_From_Ravi` (made in step 1)"),
    40: ("Task", "2", "Task: `Pick Carton` (made in step 1)"),
    41: ("Service", "2", "Service: `Pick_From_Ravi_Create` (made in step 1)"),
    42: ("Save and close", "2", "Save and Close"),
    43: ("Deployment", DEPLOY, "Actions > Deploy"),
    45: ("Step 3", "3", "Manage Trading Community Source Systems"),
    46: ("Connectors need to be defined", "3", "so that their details are captured once"),
    47: ("Navigation", "3", "search for Manage Trading Community Source Systems"),
    48: ("Create Source System", "3", "Actions > Create opens Create Source System"),
    49: ("Code", "3", "Code: `CSS01`"),
    50: ("Type", "3", "Type: `Spoke`"),
    51: ("Spoke", "3", "Spoke: a legacy system"),
    52: ("Purchased", "3", "Purchased: data from a third-party provider"),
    53: ("Enable for", "3", "Check Enable for Order Orchestration and Planning"),
    54: ("Items", "3", "Items: to import data of items"),
    55: ("Trading Community Members", "3", "Original System Unique Reference (OSR) of customers"),
    56: ("Order Orchestration and Planning", "3", "to import data for order orchestration"),
    57: ("Assets", "3", "Assets: optional, to import data of assets"),
    58: ("Save and Close, Done", "3", "Save and Close, then Done"),
    60: ("Step 4", "4", "Manage Planning Source Systems"),
    61: ("Navigation", "4", "Supply Chain Planning: search for Manage Planning Source Systems"),
    62: ("Actions, Create", "4", "Source Systems > Actions > Create"),
    63: ("Code of step 3", "4", "Code: `CSS01` (made in step 3)"),
    64: ("Time Zone", "4", "Time Zone: `US Eastern Time`"),
    65: ("Order Orchestration Type", "4", "Order Orchestration Type: `Fulfillment`"),
    66: ("Order Capture", "4", "the system captures orders and sends source orders to Order Management"),
    67: ("Fulfillment", "4", "sends fulfillment requests to the system and receives its fulfillment replies"),
    68: ("cross-reference", "4", "checked: the source system expects Order Management to cross-reference"),
    69: ("same values", "4", "not checked: source system and Oracle Fusion use the same values"),
    70: ("Collections Allowed", "4", "Check Collections Allowed"),
    72: ("Step 4.1", "4.1", "Manage Upstream and Fulfillment Source Systems"),
    73: ("Navigation", "4.1", "search for Manage Upstream and Fulfillment Source Systems"),
    74: ("Destination System", "4.1", "Under Destination System, Actions > Create"),
    75: ("Source System", "4.1", "Under Source Systems, Actions > Create"),
    76: ("Code", "4.1", "Code: `CSS02`"),
    77: ("Time Zone", "4.1", "Time Zone: `US Eastern Time`"),
    78: ("Version", "4.1", "Version: `Others`"),
    79: ("Order Orchestration type", "4.1", "Order Orchestration Type: `Order Capture`"),
    80: ("Order Capture", "4.1", "the system captures orders and sends source orders to Order Management"),
    81: ("Fulfillment", "4.1", "sends fulfillment requests to the system and receives its fulfillment replies"),
    82: ("cross-reference", "4.1", "checked: the source system expects Order Management to cross-reference"),
    83: ("same values", "4.1", "not checked: source system and Oracle Fusion use the same values"),
    84: ("Collections Allowed", "4.1", "Check Collections Allowed"),
    86: ("Step 5", "5", "Manage External Interface Web Service Details"),
    87: ("Middleware/SOA server", "5", "connects Oracle Fusion with the middleware or SOA server"),
    88: ("Navigation", "5", "search for Manage External Interface Web Service Details"),
    89: ("Enter following details", "5", "Actions > Add Row"),
    90: ("Target System", "5", "Target System: `CSS01` (made in step 3)"),
    91: ("Connector Name", "5", "Connector Name: `"),
    92: ("Event Connector", "5", "Connector Name: `Event Connector`"),
    93: ("Connector01", "5", "Connector Name: `Connector01`"),
    94: ("Connector URL", "5", "Connector URL (the profile does not say it yet)"),
    96: ("Username and Password", "5", "Where sign-in goes through a key (CSF-KEY)"),
    97: ("Oracle Wallet Manager", "5", "with administrator privilege and role, open Oracle Wallet Manager"),
    98: ("Oracle.WSM.Security", "5", "credential map oracle.wsm.security (list Select Map; the source text writes "),
    99: ("User Credential key", "5", "enter the credential key, and user name and password of the service"),
    100: ("Sign into Order Management", "5", "sign in to Order Management with administrative privileges"),
    101: ("Response Processing Option", "5", "Response Processing Option:"),
    102: ("first error", "5", "Reject all lines on first error: the default"),
    103: ("at least one line", "5", "Reject all lines when an error on at least one line occurs:"),
    104: ("group with lines", "5", "Reject group with lines that contain error:"),
    105: ("Send Attachments", "5", "Send Attachments: Yes"),
    106: ("Invocation Mode", "5", "Invocation Mode:"),
    107: ("For OIC", "5", "older guides also used it for Integration Cloud"),
    108: ("For Web service", "5", "Asynchronous Service: a web service that answers later; the default"),
    110: ("Repeat step", "5", "repeat for each connector, also for the one that takes business events"),
    111: ("Step 6", "6", "Review Topology"),
    112: ("Navigation", "6", "search for the task Review Topology"),
    114: ("Step 7", "7", "Manage External Integration Routing Rules for Sales Orders"),
    115: ("create rules", "7", "Rules route fulfillment requests to the connectors of external systems"),
    116: ("attributes", "7", "attributes of the order, the fulfillment line and the process definition"),
    117: ("Business Rules Engine", "7", "run in Oracle Business Rules"),
    119: ("Navigation", "7", "search for Manage External Integration Routing Rules for Sales Orders"),
    120: ("Create New Rule", "7", "Click Create New Rule"),
    121: ("Rule Description", "7", "Name: `Route Invoice Request 01`"),
    122: ("For IF condition", "7", "IF: enter the text"),
    123: ("text for IF", "7", "IF: enter the text: `Item is CM5008 and Task Type is Invoice`"),
    124: ("Item", "7", "Condition: enter the attribute: `Item` (choose the one of Order Fulfill Line)"),
    125: ("Operator =", "7", "Operator: `=`"),
    126: ("CM5008", "7", "search icon, search for the value and select it: `CM5008`"),
    127: ("AND", "7", "Click AND"),
    128: ("Task Type", "7", "Condition: enter the attribute: `Task Type` (choose the one of Order Header)"),
    129: ("is equal to", "7", "Operator: `is equal to`"),
    130: ("Invoice", "7", "search icon, search for the value and select it: `Invoice`"),
    132: ("For Then Section", "7", "THEN:"),
    133: ("DO", "7", "THEN: select DO"),
    134: ("text for Then", "7", "THEN: enter the text: `Route to Oracle Fusion Invoicing System`"),
    135: ("Perform an Action", "7", "New Action: select Perform an Action"),
    136: ("Set Connector Name", "7", "Action: `Set Connector Name`"),
    137: ("Connector01", "7", "search for it and select it: `Connector01` (made in step 5)"),
    138: ("Save and Close", "7", "Click Save and Close"),
    140: ("Activation Rule", "7", "Click the rule and choose Activate Rule"),
    141: ("Start and End Date", "7", "Start Date and End Date"),
    142: ("Save and Close", "7", "Click Save and Close"),
    143: ("Publish", "7", "Click Publish"),
    145: ("Step 8", "8", "Manage Business Event Trigger Points"),
    146: ("bulk Order messages", "8", "For a source system that sends many orders at once"),
    147: (
        "raise an event",
        "8",
        "raises an event for the jeopardy priority, and its connector informs the source system",
    ),
    149: ("Navigation", "8", "search for Manage Business Event Trigger Points"),
    150: ("Jeopardy", "8", "Select the trigger point: `Jeopardy`"),
    151: ("Raise Event", "8", "Jeopardy Priority HIGH: check Raise Event"),
    152: ("Associated Connectors", "8", "Associated Connectors > Actions > Add Row"),
    153: ("EventConnector", "8", "enter Connector Name: `EventConnector`"),
    155: ("Associated Connectors", "8", "Associated Connectors > Actions > Add Row"),
    156: ("EventConnector", "8", "enter Connector Name: `EventConnector`"),
    159: ("similarly", "9", "Other trigger points are set up alike, as the business needs them"),
    160: ("Fulfillment Line Shipment Update", "9", "Select the trigger point: `Fulfillment Line Shipment Update`"),
    162: ("Step 9", "9", "Manage Business Event Trigger Points"),
    163: ("Navigation", "9", "search for Manage Business Event Trigger Points"),
    164: ("Order Header Status Update", "9", "Select the trigger point: `Order Header Status Update`"),
    165: ("Submitted", "9", "Submitted: check Send Email Notification"),
    166: ("Email", PROOF, "when an order becomes Submitted, the event is raised, and the e-mail goes out"),
    168: ("Hold", "9", "Hold: check Send Email Notification"),
}

MORE: tuple[tuple[int, str, str], ...] = (
    # lines that say more than one thing: line, section, what else is in it
    (1, "", "upstream systems send orders in, downstream systems fulfill and bill them"),
    (1, "", "comes with integrations to Oracle's own services"),
    (27, "1", "My Enterprise > Setup and Maintenance > Order Management"),
    (28, "1", "enter Task Type and Description"),
    (28, "1", "Task Type: `Pick_From_Ravi`"),
    (29, "1", "Service Pick_From_Ravi_Create"),
    (30, "1", "The Task Type and the names of its services"),
    (32, "1", "Under Tasks, add at least one task"),
    (36, "2", "with the task type, task and service made before"),
    (38, "2", "choose Actions > Edit"),
    (38, "2", "Under Process Details > Step Definition, add a step"),
    (48, "3", "Under Search Results"),
    (53, "3", "Enable for:"),
    (55, "3", "to import data of the trading community"),
    (66, "4", "typically by the import web service"),
    (69, "4", "they are set up in Fusion"),
    (80, "4.1", "typically by the import web service"),
    (83, "4.1", "they are set up in Fusion"),
    (89, "5", "Choose the Target System, enter Connector Name and Connector URL"),
    (97, "5", "add the user credential key to the credential map"),
    (99, "5", "user name and password of the service that Order Management calls"),
    (100, "5", "and enter user name and password"),
    (105, "5", "Yes: Order Management sends attachments to the fulfillment system"),
    (107, "5", "Invocation Mode: `Business Event`"),
    (108, "5", "Synchronous Service: a web service that answers at once"),
    (108, "5", "Invocation Mode: `Asynchronous Service`"),
    (115, "7", "to the connectors of external systems"),
    (126, "7", "Click the search icon"),
    (140, DEPLOY, "Route Invoice Request 01: the rule is active"),
    (141, "7", "Activate the rule, with start and end date if it has any"),
    (143, DEPLOY, "Publish the routing rules: click Publish"),
    (147, "8", "when lines will be late"),
    (147, PROOF, "when the jeopardy priority becomes HIGH, the event reaches EventConnector"),
    (165, "9", "Submitted: check Raise Event"),
    (166, "9", "An e-mail goes out when the status is reached"),
)

EMPTY = (2, 3, 12, 31, 34, 44, 59, 71, 85, 95, 109, 113, 118, 131, 139, 144, 148, 154, 157, 158, 161, 167)
"""The lines of the text that hold nothing."""


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    path = Path(__file__).parents[2] / "profiles" / "source-text.toml"
    made = runbook(Indexed(tomllib.loads(path.read_text(), parse_float=Decimal)))
    text = to_markdown(runbook_document(made))
    found = {}
    for part in text.split("\n## "):
        title = part.splitlines()[0]
        found[title.split()[0] if title[:1].isdigit() else title] = part.replace("\\", "")
    found[""] = found.pop(next(name for name in found if name.startswith("# ")))
    return found


def test_every_line_of_the_text_is_in_the_table() -> None:
    assert sorted([*LINES, *EMPTY]) == list(range(1, 169))


@pytest.mark.parametrize("line", LINES)
def test_what_the_text_says_is_in_the_walk_through(line: int, sections: dict[str, str]) -> None:
    _, section, said = LINES[line]
    assert said in sections[section], sections[section]


@pytest.mark.parametrize(("line", "section", "said"), MORE)
def test_what_else_a_line_says_is_there_too(line: int, section: str, said: str, sections: dict[str, str]) -> None:
    assert line in LINES
    assert said in sections[section], sections[section]


def test_what_is_clicked_for_a_rule_comes_in_the_order_of_the_text(sections: dict[str, str]) -> None:
    said = [LINES[line][2] for line in range(120, 144) if line in LINES]
    here = 0
    text = sections["7"].split("### ", 1)[1]
    for each in said:
        found = text.find(each, 0 if each in ("IF: enter the text", "THEN:") else here)
        assert found >= 0, each
        here = max(here, found)


def test_the_sections_come_in_the_order_in_which_they_work(sections: dict[str, str]) -> None:
    expected = [FLOW, "0", "6", "3", "4", "4.1", "5", "1", "2", "7", "8", "9", DEPLOY, PROOF]
    assert [name for name in sections if name] == expected
