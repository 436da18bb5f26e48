"""D: what the comparison of two environments reports. Only the words are here; the comparison finds them."""

from omtui.checks import oracle_pages
from omtui.checks.registry import Check, add

add(
    Check(
        "D-01",
        "error",
        "a host or URL of the source environment would travel",
        "The promotion would carry a host or URL of the source environment into the target.",
        "The target would call the systems of another environment.",
        oracle_pages.COPY_SETUPS,
        "Map the host or URL to the target's own in the mapping file, and plan again.",
    )
)
add(
    Check(
        "D-02",
        "warning",
        "the two pods are on different releases",
        "Source and target note different releases.",
        "Oracle migrates business rules only between pods on the same update.",
        oracle_pages.MIGRATE_RULES,
        "Wait until both pods are on the same update, or enter the rules by hand.",
    )
)
add(
    Check(
        "D-03",
        "error",
        "a name differs that must not",
        "A name that Oracle freezes differs: a source-system code, a connector name, a process, step or task name.",
        "References break on migration: Oracle says not to modify these names in either instance.",
        oracle_pages.COPY_SETUPS,
        "Give the record the same name in both environments; where Oracle froze it, delete it and create it again.",
    )
)
add(
    Check(
        "D-04",
        "info",
        "a password does not travel",
        "The record signs in with a credential that has to be entered in the target.",
        "Passwords are never exported, and Oracle's Duplicate action does not copy them.",
        oracle_pages.CONNECTOR_DETAILS_26C,
        "Enter the password on the target's page, and keep it with omtui secret set.",
    )
)
add(
    Check(
        "D-05",
        "warning",
        "a value that the target does not know",
        "A routing rule uses a value that is not known in the target.",
        "Every value that a rule uses must exist in the target, or the migration of the rules fails.",
        oracle_pages.MIGRATE_RULES,
        "Set the value up in the target first, or map it to the target's own.",
    )
)
add(
    Check(
        "D-06",
        "error",
        "the target does not show the association of connectors",
        "A trigger point has connectors, and the target pod is noted as hiding the association (a warning from 26C "
        "when it is not noted).",
        "From 26C Oracle hides the association where no event of the pod has a connector yet, judged pod by pod.",
        oracle_pages.TRIGGER_POINTS_26C,
        'Subscribe to the event in Integration Cloud instead, or note connector_association = "shown".',
    )
)
add(
    Check(
        "D-07",
        "error",
        "a record that only the target has may be one that comes, under its old name",
        "A record comes that looks like one that only the target has (a warning but for two active rules).",
        "Two active rules that were one are both true for the same orders, and set different connectors.",
        oracle_pages.COPY_SETUPS,
        "Take the old one away (--remove), or say that both are meant (--keep-target).",
    )
)
add(
    Check(
        "D-08",
        "warning",
        "a text names something of the source environment",
        "A note, owner, caption or value names a host that the target does not know, or the source's environment.",
        "People follow such texts, and profile values may be entered as they are: into the wrong environment.",
        oracle_pages.COPY_SETUPS,
        "Map the host or the value, to itself where it is right in both environments.",
    )
)
