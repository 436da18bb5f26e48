"""A profile of the library in full, as far as the list knows it without opening it."""

from collections.abc import Callable

from textual.content import Content

from omtui.plain_text import plain
from omtui.service.listing import Listed
from omtui.workbench.signs import Signs


def profile_detail(each: Listed, signs: Signs, style_of: Callable[[str], str]) -> Content:
    """Environment and pod, findings by level, progress, the next expiry, when it was changed."""
    parts = [Content.styled(plain(each.name), "bold")]
    if each.fault:
        return Content("\n").join([*parts, Content.styled(plain(each.fault), style_of("error"))])
    facts = {
        "Environment": f"{each.environment}{f', {each.stage}' if each.stage else ''}",
        "Pod": each.pod_host,
        "Release": each.release,
        "Entered": each.progress.short if each.progress and each.progress.total else "nothing is ticked yet",
        "Expires next": each.next_expiry.isoformat() if each.next_expiry else "",
        "Changed": each.changed_words if each.changed else "",
        "Unsaved": f"{each.unsaved} changes, to be taken up when it is opened" if each.unsaved else "",
        "File": str(each.path),
    }
    parts += [Content.assemble((f"{label:<14}", "dim"), plain(value)) for label, value in facts.items() if value]
    parts.append(Content.styled("\nFindings", "bold $accent"))
    if each.counts is None:
        return Content("\n").join([*parts, Content("  not counted yet")])
    counted = [(level, each.counts[level]) for level in ("error", "warning", "info") if each.counts[level]]
    for level, count in counted:
        words = level if count == 1 else "remarks" if level == "info" else f"{level}s"
        parts.append(Content.assemble((f"  {signs.level(level)} ", style_of(level)), f"{count} {words}"))
    return Content("\n").join(parts if counted else [*parts, Content("  none")])
