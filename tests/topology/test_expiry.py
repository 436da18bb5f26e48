"""Days and dates of a certificate agree, in every sentence."""

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from omtui.topology.expiry import days_until, distance_words, ending_words, short_ending_words

moments = st.floats(min_value=1_700_000_000, max_value=2_000_000_000)


@given(moments, st.floats(min_value=-40 * 86_400, max_value=40 * 86_400))
def test_the_days_are_those_between_the_dates(now: float, away: float) -> None:
    end = now + away
    between = datetime.fromtimestamp(end, UTC).date() - datetime.fromtimestamp(now, UTC).date()
    assert days_until(end, now) == between.days
    for words in (ending_words(end, now), distance_words(end, now)):
        number = re.search(r"\d+", words)
        assert int(number[0] if number else 0) == abs(between.days)
        assert "-" not in words
    assert ("expired" in ending_words(end, now)) == (end < now)


def test_the_words() -> None:
    noon = 20_000 * 86_400 + 43_200.0
    ends = [noon + days * 86_400 for days in (-12, -1, 0, 1, 30)] + [noon - 1]
    assert [ending_words(end, noon) for end in ends] == [
        "expired 12 days ago", "expired 1 day ago", "ends today", "1 day left", "30 days left", "expired today",
    ]  # fmt: skip
    assert [short_ending_words(end, noon) for end in ends] == [
        "expired", "expired", "today", "1 day", "30 days", "expired",
    ]  # fmt: skip
