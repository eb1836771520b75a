"""RSS and Atom, with the feeds of YouTube and PeerTube: an entry is an offer.

When an entry was published says nothing of when anything is held: only dates of events are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from academy.text import is_web_address
from courses.catalogue.models import Delivery, Kind, Pace
from courses.harvesting.draft import LONGEST_FOUND, Draft, Feed, Finding, Gone, Notes, Weight
from courses.harvesting.formats.entries import Cut, Piece, cut, tombstone
from courses.harvesting.formats.posts import Post
from courses.harvesting.reading import values as reading
from courses.harvesting.reading.decoding import noted

COMPLETE = False
"""Feeds forget: what is absent from one is not gone."""


def begin(address: str, *, since: datetime | None = None) -> str:
    """Give the first page: a feed begins with what is new, and knows no dates to ask for."""
    del since
    return address


def following(feed: Feed, address: str) -> list[str]:
    """Give the next page, or the archive before this one (RFC 5005), of the same site.

    Raises NotAFeed as `read` does.
    """
    links = cut(feed.content, feed.charset).about(address).get("links", [])
    named = ("next", "prev-archive")
    found = (one.get("href", "") for one in links if one.get("rel") in named)
    leads = [one for one in found if is_web_address(one) and one != address]
    return leads[:1]


def read(feed: Feed) -> Iterator[Draft | Finding | Gone]:
    """Read one record an entry, and of tombstones (RFC 6721) what is gone.

    Raises NotAFeed before the first record is given.
    """
    whole = cut(feed.content, feed.charset)
    yield from noted(_entries(whole, feed), whole.guessed)


def _entries(whole: Cut, feed: Feed) -> Iterator[Draft | Finding | Gone]:
    about = whole.about()
    base = str(about.get("link", ""))
    for piece, entry in whole.entries(base if is_web_address(base) else ""):
        if piece.is_tombstone:
            yield from _gone(piece)
        elif entry is None:
            found = piece.text[:LONGEST_FOUND]
            yield Finding(piece.line, "", "unreadable-entry", Weight.REJECTED, found)
        else:
            yield _draft(Post(entry, about, feed, Notes(piece.line)))


def _gone(piece: Piece) -> Iterator[Finding | Gone]:
    external_id = tombstone(piece)
    if external_id:
        yield Gone(external_id, piece.line)
    else:
        yield Finding(piece.line, "id", "no-id", Weight.REJECTED)


def _draft(post: Post) -> Draft:
    notes, recorded = post.notes, post.is_recording
    dated_by, start, end = post.held()
    taught, run = post.taught(), post.run(start, end)
    kind = post.kind(dated_by)
    if kind is Kind.WEBINAR and not dated_by and not recorded:
        notes.add("start", "no-date")
    channel = post.text("author") if recorded and post.text("yt_videoid", "media_player") else ""
    return Draft(
        external_id=post.external_id(),
        line=notes.line,
        payload=post.payload(),
        kind=kind,
        texts=[post.written(taught[0].code if taught else "")],
        languages=taught,
        words=post.words(),
        provider=channel or None,
        address=reading.address(post.link, notes),
        runs=[run],
        delivery=Delivery.ONLINE if recorded else None,
        pace=Pace.SELF if recorded else None,
        licence=post.licence(),
        findings=notes.found,
    )
