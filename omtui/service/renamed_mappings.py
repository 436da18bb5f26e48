"""What the mappings of a library hold once one of its profiles has another name."""

from dataclasses import replace
from pathlib import Path as FilePath

from omtui.compare.map_file import read as read_mapping
from omtui.compare.map_file import rewrite
from omtui.compare.mapping import EnvironmentMap
from omtui.store.files import read_file
from omtui.store.library import companion_path
from omtui.store.together import CompanionFile


def renamed_in_mappings(old: FilePath, new: FilePath) -> list[CompanionFile]:
    """What mappings say once a profile has another file name; its own then has another name, too."""
    before, after = (path.name.removesuffix(".toml") for path in (old, new))
    found = []
    for path in sorted(old.parent.glob("*.map.toml")):
        content = read_file(path)
        mapping = read_mapping(content.decode("utf-8-sig")) if isinstance(content, bytes) else []
        if isinstance(content, bytes) and isinstance(mapping, EnvironmentMap):
            source, target = (after if name == before else name for name in (mapping.source, mapping.target))
            if (source, target) != (mapping.source, mapping.target):
                text = rewrite(content.decode("utf-8-sig"), replace(mapping, source=source, target=target))
                there = companion_path(new, "map") if path == companion_path(old, "map") else path
                found.append(CompanionFile.of(there.absolute(), content, text.encode()))
    return found
