"""Calendars (RFC 5545): an event, or a series of them, is an offer; each date of it is a run."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from academy.text import clean_line
from courses.catalogue.content import MeetingContent, RunContent, TextContent
from courses.catalogue.models import Kind
from courses.harvesting.draft import Draft, Feed, Finding, Gone, Weight
from courses.harvesting.formats.calendars import Place, calendar_text, places, properties
from courses.harvesting.formats.events import Event, Series, series_of
from courses.harvesting.formats.recurrences import Date, Expansion, Window
from courses.harvesting.reading import values as reading
from courses.harvesting.reading.decoding import noted
from courses.harvesting.reading.moments import as_instant

COMPLETE = True
"""A calendar lists all there is; what is over may be left out of it."""

MOST_PARTS = 1_000
LONGEST_MEETING = timedelta(days=1)
LONGEST_TITLE = 200


def begin(address: str, *, since: datetime | None = None) -> str:
    """Give the first address to read: calendars are often published as webcal."""
    del since
    return re.sub(r"^webcals?://", "https://", address, flags=re.IGNORECASE)


def following(feed: Feed, address: str) -> list[str]:
    """Give nothing: a calendar is one file."""
    del feed, address
    return []


def read(feed: Feed, *, now: datetime | None = None) -> Iterator[Draft | Finding | Gone]:
    """Read one record an event or series; series are told from a year before `now` to two after.

    Raises NotAFeed before the first record is given.
    """
    text, guessed = calendar_text(feed.content, feed.charset)
    yield from noted(_read(text, feed, now or datetime.now(UTC)), guessed)


def _read(text: str, feed: Feed, now: datetime) -> Iterator[Draft | Finding | Gone]:
    found: dict[str, list[Place]] = defaultdict(list)
    unfinished: list[Place] = []
    for place in places(text):
        if place.whole:
            uid = next((one.text for one in properties(text, place) if one.name == "UID"), "")
            # Those without an identifier have nothing in common.
            found[uid.strip() or f"\n{place.line}"].append(place)
        else:
            unfinished.append(place)
    expansion = Expansion(Window.around(now))
    for place in unfinished:
        yield Finding(place.line, "", "unfinished-event", Weight.REJECTED)
    for uid, at in found.items():
        events = [Event(one, properties(text, one), feed) for one in at[:MOST_PARTS]]
        for series in series_of("" if uid.startswith("\n") else uid, events):
            yield _record(series, expansion)
        for place in at[MOST_PARTS:]:
            yield Finding(place.line, "id", "overfull", Weight.REJECTED, external_id=uid.strip())


def _record(series: Series, expansion: Expansion) -> Draft | Gone:
    event, notes = series.event, series.event.notes
    zone = event.hours.default_zone()
    dates = series.dates(expansion, zone)
    runs = [run for date in dates if (run := _run(series, date, zone))]
    external_id = series.uid or event.digest()
    untold = series.is_cancelled() and not (runs and event.title_said())
    if untold or (dates and not runs) or series.is_private():
        return Gone(external_id, notes.line)
    taught = event.taught()
    title, about = reading.prose(event.text("SUMMARY")), event.without_links("DESCRIPTION")
    at_an_hour = any(_is_at_an_hour(date) for date in dates) or not dates
    return Draft(
        external_id=external_id,
        line=notes.line,
        payload={"VEVENT": [one.written() for one in series.parts]},
        kind=Kind.WEBINAR if at_an_hour else Kind.COURSE,
        texts=[TextContent(taught[0].code if taught else "", title, description=about)],
        languages=taught,
        words=event.words(),
        address=_address(event),
        runs=runs or [RunContent(zone=zone)],
        delivery=reading.delivery(event.without_links("LOCATION")),
        licence=reading.licence(event.feed.defaults.get("licence", "")),
        findings=notes.found,
    )


def _address(event: Event) -> str | None:
    own = event.without_links("URL") or event.feed.defaults.get("url", "")
    return reading.address(own, event.notes)


def _is_at_an_hour(date: Date) -> bool:
    """Tell whether a date is neither whole days nor longer than one."""
    lasts = as_instant(date.end, "UTC") - as_instant(date.start, "UTC")
    return isinstance(date.start, datetime) and lasts <= LONGEST_MEETING


def _run(series: Series, date: Date, zone: str) -> RunContent | None:
    """Give the run of a date: with a meeting, unless it is whole days or longer than one.

    Of what is cancelled only a meeting can say so; anything else is no run.
    """
    starts, ends = as_instant(date.start, zone), as_instant(date.end, zone)
    cancelled, told_in = series.is_cancelled(date.part), _zone_of(date, zone)
    if _is_at_an_hour(date) and starts < ends:
        meeting = _meeting(series, date, starts, ends)
        return RunContent(starts, ends, zone=told_in, meetings=[meeting])
    if cancelled:
        return None
    last = ends if isinstance(date.start, datetime) else ends - timedelta(seconds=1)
    return RunContent(starts, last if starts < last else None, zone=told_in)


def _meeting(series: Series, date: Date, starts: datetime, ends: datetime) -> MeetingContent:
    event, part = series.event, series.parts[date.part]
    title, usual = (clean_line(one.text("SUMMARY"), limit=LONGEST_TITLE) for one in (part, event))
    language = next((one.code for one in part.taught()), "")
    return MeetingContent(
        starts,
        ends,
        {language: title} if language and title != usual else {},
        join_link=part.join_link or event.join_link,
        cancelled=series.is_cancelled(date.part),
    )


def _zone_of(date: Date, zone: str) -> str:
    """Give the zone in which a date is told; what is told in UTC is of the zone of the rest."""
    place = date.start.tzinfo if isinstance(date.start, datetime) else None
    named = str(getattr(place, "key", "UTC"))
    return zone if named == "UTC" else named
