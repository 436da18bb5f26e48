"""The forms of the JSON files that omtui makes for others and reads again: hand-overs and plans."""

from pydantic import BaseModel, ConfigDict


class _Model(BaseModel):
    model_config = ConfigDict(strict=True)


class PartModel(_Model):
    """A text with its hash, line by line."""

    sha256: str = ""
    lines: list[str]

    @property
    def text(self) -> str:
        """The text as it was."""
        return "".join(self.lines)


def text_of(part: PartModel | None) -> str | None:
    """The text of a part that may be missing."""
    return None if part is None else part.text


class ProfilePartModel(PartModel):
    """The profile with its name."""

    name: str


class NeededModel(_Model):
    """A credential that is needed."""

    name: str
    used_by: list[str] = []
    owner: str = ""
    expires_on: str = ""


class HandOverModel(_Model):
    """A hand-over file."""

    made_on: str = ""
    version: str = ""
    profile: ProfilePartModel
    mapping: PartModel | None = None
    credentials: list[NeededModel] = []
    secrets: PartModel | None = None


class PlanModel(_Model):
    """The plan of a promotion; its operations and values are read by `omtui.store.change`."""

    source: str
    target: str
    source_hash: str
    target_hash: str
    made_on: str
    version: str
    blocked: object = True
    operations: list[dict[str, object]]
    next_base: object
