"""MOOChub v3 and v2: the courses of a platform as JSON:API, page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from courses.catalogue.content import RunContent
from courses.harvesting.draft import AUDIENCE, Draft, Feed, Finding, Notes
from courses.harvesting.formats import documents
from courses.harvesting.formats.documents import Told
from courses.harvesting.formats.exchange import Source, draft_of
from courses.harvesting.formats.prices import certificate_of, cost_of, licences_of
from courses.harvesting.formats.room import within_room
from courses.harvesting.reading import dates
from courses.harvesting.reading import values as reading
from courses.harvesting.reading.durations import spelled
from courses.harvesting.reading.values import LONGEST_WORD

COMPLETE = True
ACCEPT = "application/vnd.api+json; moochub-version=3, application/vnd.api+json, application/json"
"""What to ask a platform for: those that know several versions give the newest one they share."""

OWN, MOST_RUNS = "urban-academy", 100
"""Where academies tell each other what the format has no words for, and how many dates are read."""

_CAPITAL_INSIDE = re.compile(r"(?<=[a-z])(?=[A-Z])")


def begin(address: str, *, since: datetime | None = None) -> str:
    """Give the first page; the format knows no dates of change."""
    del since
    return address


def following(feed: Feed, address: str) -> list[str]:
    """Give the next page; an empty page is the last, whatever it says."""
    document = documents.document_in(feed.content)
    more = isinstance(document, dict) and document.get("data")
    links = document.get("links") if more else None
    return documents.next_page(links.get("next"), address) if isinstance(links, dict) else []


def read(feed: Feed) -> Iterator[Draft | Finding]:
    """Read the courses of a page.

    Raises NotAFeed before the first record is given.
    """
    records = documents.records_in(documents.document_in(feed.content), "data", each="attributes")
    yield from within_room(_items(records, feed))


def _items(records: list[Any], feed: Feed) -> Iterator[Draft | Finding]:
    for number, record in enumerate(records, 1):
        bad = documents.unusable(record, number)
        yield bad or _read(Told(record), feed, Notes(number))


def _read(record: Told, feed: Feed, notes: Notes) -> Draft:
    """Read a course; what another academy says of it in its own words is the whole of it."""
    own, course = record.object("meta").object(OWN).parts, record.object("attributes")
    if not own:
        return _draft(record, feed, notes)
    told = {"source_id": record.words("id"), "title": course.words("name")}
    told |= {name: course.words(name) for name in ("description", "url")}
    return draft_of({**own, **told}, record.parts, Source(feed.defaults, feed.zone), notes)


def _draft(record: Told, feed: Feed, notes: Notes) -> Draft:
    course = record.object("attributes")
    languages = documents.taught_in(course.many("inLanguage", "languages"), feed, notes)
    mode = course.many("courseMode")
    title, short, long = (course.words(name) for name in ("name", "abstract", "description"))
    return Draft(
        external_id=record.words("id"),
        line=notes.line,
        payload=record.parts,
        kind=reading.kind(" ".join(mode)),
        texts=[documents.text_in(languages, title, short, long)],
        languages=languages,
        words=_words(course, mode),
        codes=_audience(course),
        provider=_provider(course) or feed.defaults.get("provider") or None,
        address=reading.address(course.words("url"), notes),
        runs=_runs(course, feed, notes),
        delivery=reading.delivery(" ".join(mode) or feed.defaults.get("mode", "")),
        level=reading.level(" ".join(_labels(course, "educationalLevel"))),
        cost=cost_of(course) or reading.cost(feed.defaults.get("cost", "")),
        certificate=certificate_of(course),
        workload=reading.workload(_workload(course), notes),
        licence=reading.licence(*licences_of(course), feed.defaults.get("licence", "")),
        findings=notes.found,
    )


def _labels(course: Told, *names: str) -> list[str]:
    """Give what things are called, which may be in several languages: in English if it is one."""
    labels = []
    for thing in course.objects(*names):
        told = {name.words("inLanguage"): name.words("name") for name in thing.objects("name")}
        labels.append(told.get("en") or next(iter(told.values()), "") or thing.words("name"))
    return [label[:LONGEST_WORD] for label in labels if label]


def _words(course: Told, mode: list[str]) -> list[str]:
    named = _labels(course, "educationalAlignment", "teaches")
    return list(dict.fromkeys((*course.many("keywords"), *named, *mode)))


def _audience(course: Told) -> dict[str, list[str]]:
    """Give for whom it is: the last part of an address, such as .../generalPublic, in words."""
    names = (role.rstrip("/").rpartition("/")[2] for role in course.many("audience"))
    words = [_CAPITAL_INSIDE.sub(" ", name) for name in names if name]
    return {AUDIENCE: words} if words else {}


def _provider(course: Told) -> str:
    named = course.objects("publisher", "moocProvider", "creator", "partnerInstitutes")
    return next((name for one in named if (name := one.words("name"))), "")


def _runs(course: Told, feed: Feed, notes: Notes) -> list[RunContent]:
    """Pair starts with ends: the lists are parallel, and in version 2 each is one moment."""
    read_by = dates.clock("", feed.zone, notes, feed.defaults)
    starts, ends = (_moments(course, name) for name in ("startDate", "endDate"))
    ends += [""] * (len(starts) - len(ends))
    until = read_by.read("applicationDeadline", course.words("applicationDeadline"))
    runs = [
        dates.run_between(start, end, read_by)
        for start, end in zip(starts, ends, strict=False)
        if start or len(starts) == 1
    ]
    runs = [replace(run, enrol_until=until.end if until else None) for run in runs]
    return runs or [RunContent(zone=feed.zone)]


def _moments(course: Told, name: str) -> list[str]:
    value = course.parts.get(name)
    values = value if isinstance(value, list) else [value]
    return [one.strip() if isinstance(one, str) else "" for one in values[:MOST_RUNS]]


def _workload(course: Told) -> str:
    hours, told = course.words("workload"), course.object("workload")
    if told.words("timeValue"):
        return " ".join((told.words("timeValue"), told.words("timeUnit"))).strip()
    return f"{hours} h/week" if hours.isdigit() else hours or spelled(course.words("duration"))
