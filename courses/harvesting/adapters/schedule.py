"""Programmes of conferences (schedule.xml of Pentabarf, frab and pretalx): their talks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from courses.catalogue.content import TextContent
from courses.catalogue.models import Kind
from courses.harvesting.draft import Draft, Feed, Finding, NotAFeed, Notes, Weight
from courses.harvesting.formats.documents import taught_in
from courses.harvesting.formats.markup import Document, Element, document_of
from courses.harvesting.formats.metadata import flattened
from courses.harvesting.reading import dates
from courses.harvesting.reading import values as reading
from courses.harvesting.reading.decoding import noted

COMPLETE = True
LONGEST_TALK = timedelta(hours=24)
_DURATION = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2})")


def begin(address: str, *, since: datetime | None) -> str:
    """Give the address itself: a programme is one file, and always whole."""
    del since
    return address


def following(feed: Feed, address: str) -> list[str]:
    """Give what a programme leads to, which is nothing."""
    del feed, address
    return []


def read(feed: Feed) -> Iterator[Draft | Finding]:
    """Read the talks of a programme.

    Raises NotAFeed before the first record is given.
    """
    document = document_of(feed.content, feed.charset)
    if document.root != "schedule":
        raise NotAFeed("not-a-schedule")
    yield from noted(_talks(document, feed), document.guessed)


def _talks(document: Document, feed: Feed) -> Iterator[Draft | Finding]:
    name, zone = _conference(document)
    fault = document.mended_at
    for event in document.elements("event"):
        if isinstance(event, int):
            yield Finding(event, "", "overfull", Weight.REJECTED)
            continue
        notes = Notes(event.line)
        if fault:
            notes.add("", "mended-markup", str(fault), Weight.REPAIRED)
        fault = 0
        yield _draft(_Talk(event), name, zone, feed, notes)


def _conference(document: Document) -> tuple[str, str]:
    """Give the name of the conference, and what it calls the zone of its hours."""
    for one in document.elements("conference"):
        if isinstance(one, Element):
            return "".join(one.texts("title")[:1]), "".join(one.texts("time_zone_name")[:1])
    return "", ""


class _Talk:
    """A talk, asked for what it says of itself."""

    def __init__(self, event: Element) -> None:
        self.event = event

    def says(self, *names: str) -> str:
        """Give what the first of these elements says that says anything."""
        texts = (text for name in names for text in self.event.texts(name))
        return next((text for text in map(reading.said, texts) if text), "")

    def span(self) -> tuple[str, str]:
        """Give from when to when it is held, by its date and its duration."""
        begins = self.says("date")
        found = _DURATION.fullmatch(self.says("duration"))
        try:
            start = datetime.fromisoformat(begins)
        except ValueError:
            return begins, ""
        days, hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
        lasts = timedelta(days=days, hours=hours, minutes=minutes)
        if not timedelta() < lasts <= LONGEST_TALK or "T" not in begins:
            return begins, ""
        return begins, (start + lasts).isoformat()


def _draft(talk: _Talk, name: str, zone: str, feed: Feed, notes: Notes) -> Draft:
    languages = taught_in([talk.says("language")] if talk.says("language") else [], feed, notes)
    abstract, long = talk.says("abstract"), talk.says("description")
    own = languages[0].code if languages else ""
    read_by = dates.clock(zone, feed.zone, notes, feed.defaults)
    description = "\n\n".join(text for text in (abstract, long) if text)
    words = (talk.says("track"), talk.says("type"))
    return Draft(
        external_id=talk.event.attributes.get("guid") or talk.event.attributes.get("id", ""),
        line=notes.line,
        payload=flattened(talk.event),
        kind=Kind.WEBINAR,
        texts=[TextContent(own, talk.says("title"), talk.says("subtitle") or None, description)],
        languages=languages,
        words=[word for text in words for word in reading.many(text)],
        provider=feed.defaults.get("provider") or name or None,
        address=reading.address(talk.says("url"), notes),
        runs=[dates.run_between(*talk.span(), read_by)],
        delivery=reading.delivery(feed.defaults.get("mode", "")),
        level=reading.level(feed.defaults.get("level", "")),
        cost=reading.cost(feed.defaults.get("cost", "")),
        licence=reading.licence(feed.defaults.get("licence", "")),
        findings=notes.found,
    )
