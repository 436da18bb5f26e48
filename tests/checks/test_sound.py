"""The profile from which all other tests start."""

from tests.checks.profiles import checked, sound


def test_nothing_is_wrong_with_the_sound_profile() -> None:
    assert checked(sound()) == []
