"""D: what the comparison of two environments reports. Only the words are here; the comparison finds them."""

from omtui.checks import oracle_pages
from omtui.checks.facts import news_26c
from omtui.checks.registry import check


@check("D-01", "error", "a host or URL of the source environment would travel", oracle_pages.COPY_SETUPS)
def host_would_travel() -> None:
    """The promotion would carry a host or URL of the source environment into the target.

    Why: The target would call the systems of another environment.
    Fix: Map the host or URL to the target's own in the mapping file, and plan again.
    """


@check("D-02", "warning", "the two pods are on different releases", oracle_pages.MIGRATE_RULES)
def different_releases() -> None:
    """Source and target note different releases.

    Why: Oracle migrates business rules only between pods on the same update.
    Fix: Wait until both pods are on the same update, or enter the rules by hand.
    """


@check("D-03", "error", "a name differs that must not", oracle_pages.COPY_SETUPS)
def frozen_name_differs() -> None:
    """A name that Oracle freezes differs: a source-system code, a connector name, a process name, the task name in a
    step, or a status rule set name.

    Why: References break on migration: Oracle says not to modify these names in either instance.
    Fix: Give the record the same name in both environments; where Oracle froze it, delete it and create it again.
    """


@check("D-04", "info", "a password does not travel", news_26c.CONNECTOR_PAGE)
def password_stays() -> None:
    """The record signs in with a credential that has to be entered in the target.

    Why: Oracle's Duplicate action does not copy passwords. Whether a set-up package carries them is on no page that was
    read.
    Fix: Enter the password on the target's page, and keep it with omtui secret set.
    """


@check("D-05", "warning", "a value that the target does not know", oracle_pages.MIGRATE_RULES)
def unknown_value() -> None:
    """A routing rule uses a value that is not known in the target.

    Why: Every value that a rule uses must exist in the target, or the migration of the rules fails.
    Fix: Set the value up in the target first, or map it to the target's own.
    """


@check(
    "D-06",
    "error",
    "the target does not show the association of connectors",
    news_26c.ASSOCIATION,
    weakest="warning",
)
def association_not_shown() -> None:
    """A trigger point has connectors, and the target pod is noted as hiding the association (a warning from 26C when it
    is not noted).

    Why: From 26C Oracle hides the association where no event of the pod has a connector yet, judged pod by pod.
    Fix: Subscribe to the event in Integration Cloud instead, or note connector_association = "shown".
    """


@check(
    "D-07",
    "error",
    "a record that only the target has may be one that comes, under its old name",
    oracle_pages.COPY_SETUPS,
)
def renamed_record() -> None:
    """A record comes that looks like one that only the target has (a warning but for two active rules).

    Why: Two active rules that were one are both true for the same orders, and set different connectors.
    Fix: Take the old one away (--remove), or say that both are meant (--keep-target).
    """


@check("D-08", "warning", "a text names something of the source environment", oracle_pages.COPY_SETUPS)
def text_of_the_source() -> None:
    """A note, owner, caption or value names a host that the target does not know, or the source's environment.

    Why: People follow such texts, and profile values may be entered as they are: into the wrong environment.
    Fix: Map the host or the value, to itself where it is right in both environments.
    """
