"""Releases of the pod."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.setup.release import NEWEST, Release

releases = st.builds(Release, st.integers(0, 99), st.sampled_from("ABCD"))


@given(releases)
def test_a_release_reads_back(release: Release) -> None:
    assert Release.parse(str(release)) == release
    assert Release.parse(f" {str(release).lower()}\n") == release


@given(releases, releases)
def test_releases_compare_by_time(one: Release, other: Release) -> None:
    assert (one < other) == (str(one) < str(other))
    assert (one == other) == (str(one) == str(other))


@pytest.mark.parametrize(
    "text", ["", "26", "26E", "2026C", "C26", "26 C", "26CC", None, 26, "\u0662\u0666C", "９９A", "26Ｃ", True]
)
def test_what_is_no_release(text: object) -> None:
    assert Release.parse(text) is None


@given(st.text())
def test_reading_never_raises(text: str) -> None:
    release = Release.parse(text)
    assert release is None or Release.parse(str(release)) == release


def test_the_gates_of_the_checks() -> None:
    late, early = Release.parse("26C"), Release.parse("25D")
    assert late
    assert early
    assert early < late <= NEWEST
