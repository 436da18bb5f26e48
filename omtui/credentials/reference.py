"""Which secret is meant: the credential's name within a profile."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class SecretReference:
    """The credential `name` of the profile `profile`: both are what the person typed, of any characters.

    Two profiles may name a credential alike and mean different secrets, so the profile is part of the name.
    """

    profile: str
    name: str

    def __str__(self) -> str:
        return f"{self.profile}/{self.name}"
