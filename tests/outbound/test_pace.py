"""How often a host is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.outbound import Pace, Request, TooSoon
from academy.outbound.pace import MOST_HOSTS
from tests.outbound.answering import door, hosting, leading, of_paths, saying


def test_the_first_few_come_at_once_and_the_rest_one_by_one() -> None:
    pace = Pace(per_second=1.0, burst=3.0)
    assert [pace.take("a.org", now=100.0) for _ in range(5)] == [0.0, 0.0, 0.0, 1.0, 2.0]
    assert pace.take("a.org", now=103.0) == 0.0
    assert pace.take("a.org", now=103.0) == 1.0


def test_each_host_has_its_own_pace() -> None:
    pace = Pace(per_second=1.0, burst=1.0)
    assert [pace.take(host, now=0.0) for host in ("a.org", "b.org", "a.org")] == [0.0, 0.0, 1.0]


def test_a_long_wait_is_refused_and_takes_nothing() -> None:
    pace = Pace(per_second=0.1, burst=1.0, longest_wait=15.0)
    assert [pace.take("a.org", now=0.0) for _ in range(2)] == [0.0, 10.0]
    for _ in range(3):
        with pytest.raises(TooSoon) as refusal:
            pace.take("a.org", now=0.0)
        assert (refusal.value.seconds, refusal.value.host) == (20.0, "a.org")
    assert pace.take("a.org", now=5.0) == 15.0


def test_hosts_that_rest_are_forgotten() -> None:
    pace = Pace(per_second=1.0, burst=1.0)
    for number in range(3 * MOST_HOSTS):
        pace.take(f"{number}.org", now=float(number))
    assert len(pace._full_at) <= MOST_HOSTS


@given(st.lists(st.floats(0, 3), min_size=1, max_size=50))
def test_no_more_come_than_the_bucket_holds_and_gains(pauses: list[float]) -> None:
    pace = Pace(per_second=2.0, burst=4.0, longest_wait=1_000.0)
    now, asked = 0.0, []
    for pause in pauses:
        now += pause
        asked.append(now + pace.take("a.org", now=now))
    for first, begin in enumerate(asked):
        for last, end in enumerate(asked[first:], start=first):
            assert last - first + 1 <= 4.0 + 2.0 * (end - begin) + 1e-6


def test_the_door_waits_and_counts_redirects() -> None:
    waited: list[float] = []
    ways = {"/": leading("/feed"), "/feed": saying(b"feed")}
    with hosting(of_paths(ways)) as host:
        outbound = door(host, pace=Pace(1.0, 2.0), clock=lambda: 100.0, sleep=waited.append)
        for _ in range(2):
            assert outbound.fetch(Request(host.url)).content == b"feed"
    assert waited == [1.0]
