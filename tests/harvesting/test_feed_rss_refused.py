"""Feeds that are none, hostile ones, and real ones: each is accounted for, in bounded time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.catalogue.models import Kind
from courses.harvesting.draft import Draft, Finding, Gone, NotAFeed
from courses.harvesting.sentences import FINDINGS, REASONS
from tests.harvesting.feeds_written import item, read, rss


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html>\n<html><body>Sign in</body></html>", "html"),
        (b'{"items": []}', "not-rss"),
        (rss(item())[:-20], "breaks-off"),
        (b'<!DOCTYPE rss [<!ENTITY a "aaaa">]>' + rss(item(more="&a;")), "entities"),
        (b"PK\x03\x04aaaa", "workbook"),
        (rss(item("a") * 10_002), "overfull"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_reason(content: bytes, code: str) -> None:
    with pytest.raises(NotAFeed) as refused:
        read(content)
    assert refused.value.code == code
    assert str(REASONS[code] % refused.value.details)


def test_an_empty_feed_is_a_feed() -> None:
    assert read(rss()) == []


@pytest.mark.parametrize(
    "inner",
    [
        "<item>" + "<a>" * 100_000 + "</item>",
        "<item><description>" + "&" * 1_000_000 + "</description></item>",
        "<item " + "".join(f'a{n}="" ' for n in range(100_000)) + "></item>",
        "<item>" + "".join(f"<p{n}:a/>" for n in range(50_000)) + "</item>",
        "<item>" + "<category>a</category>" * 100_000 + "</item>",
        "<item><title>a</title>" * 5_000,
        "<![CDATA[" * 100_000,
        "<!--" * 200_000,
        "<" * 1_000_000,
    ],
    ids=lambda inner: inner[:24],
)
def test_hostile_entries_end_soon(inner: str) -> None:
    begun = time.monotonic()
    found = read(rss(inner))
    assert [one for one in found if not isinstance(one, Finding)] == []
    assert time.monotonic() - begun < 10


@given(put=st.text(max_size=30), where=st.integers(0, 900))
@settings(max_examples=150, deadline=None, database=None)
def test_any_text_anywhere_is_read_or_refused(put: str, where: int) -> None:
    good = rss(item(), item("heat", "<pubDate>3 Mar 2026 - 4 Mar 2026</pubDate>")).decode()
    found: list[Draft | Finding | Gone] = []
    refusal = None
    try:
        found = read((good[:where] + put + good[where:]).encode(errors="replace"))
    except NotAFeed as refused:
        refusal = refused
    assert refusal is None or str(REASONS[refusal.code] % refusal.details)
    noted = [note for one in found for note in getattr(one, "findings", [])]
    assert {one.code for one in noted} <= FINDINGS.keys()


REAL = {
    "dtls_courses.rss": (3, Kind.COURSE, 3),
    "dtls_events.rss": (1, Kind.WEBINAR, 1),
    "mit_medium_news.rss": (3, Kind.COURSE, 0),
    "mit_podcast.rss": (2, Kind.WEBINAR, 0),
    "utrecht_events.rss": (17, Kind.WEBINAR, 17),
    "wageningen_calendar.rss": (25, Kind.WEBINAR, 0),
}


@pytest.mark.sample
def test_every_real_feed_of_entries_is_known(sample: Path) -> None:
    assert sorted(path.name for path in (sample / "feeds" / "rss").iterdir()) == sorted(REAL)


@pytest.mark.sample
@pytest.mark.parametrize("name", sorted(REAL))
def test_a_real_feed_of_entries_is_accounted_for(sample: Path, name: str) -> None:
    content = (sample / "feeds" / "rss" / name).read_bytes()
    count, kind, dated = REAL[name]
    drafts = [one for one in read(content) if isinstance(one, Draft)]
    assert (len(read(content)), len(drafts)) == (count, count)
    assert count == content.count(b"<item>") == len({one.external_id for one in drafts})
    assert {one.kind for one in drafts} == {kind}
    assert sum(one.runs[0].starts_at is not None for one in drafts) == dated
    assert all(one.address and one.texts[0].title for one in drafts)
