"""Open edX, Courses API v1: the runs of a platform, page by page, gathered into their courses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from courses.catalogue.content import RunContent
from courses.catalogue.models import Delivery, Kind, Pace
from courses.harvesting.draft import Draft, Feed, Finding, Notes
from courses.harvesting.formats.addresses import arguments_of, asking, beside, path_of
from courses.harvesting.formats.documents import (
    Told,
    document_in,
    next_page,
    records_in,
    taught_in,
    text_in,
    unusable,
)
from courses.harvesting.formats.room import within_room
from courses.harvesting.reading import dates
from courses.harvesting.reading import values as reading

COMPLETE = True
PATH = "/api/courses/v1/courses/"
PAGE_SIZE, MOST_RUNS = 100, 100
NO_START = datetime(2030, 1, 1, tzinfo=UTC)
"""What the platform keeps for the start of a course that has none."""

_PACES = {"self": Pace.SELF, "instructor": Pace.INSTRUCTOR}
_KEY = re.compile(r"(?:course-v\d:)?([^/+:]+)[+/]([^/+]+)[+/][^/+]+")
_HOURS = re.compile(r"(\d{1,3})(?::(\d\d)(?::\d\d)?)?")


def begin(address: str, *, since: datetime | None = None) -> str:
    """Give the first page, of 100. The interface knows no dates of change: it is always a whole.

    The address of the platform is enough.
    """
    del since
    asked = {"page_size": str(PAGE_SIZE)} | arguments_of(address)
    return asking(address, asked, path="" if path_of(address) else PATH)


def following(feed: Feed, address: str) -> list[str]:
    """Give the next page; an empty page is the last, whatever it says."""
    document = document_in(feed.content)
    if not isinstance(document, dict) or not document.get("results"):
        return []
    pages = document.get("pagination")
    return next_page((pages if isinstance(pages, dict) else document).get("next"), address)


def read(feed: Feed) -> Iterator[Draft | Finding]:
    """Read the runs of a page, those of one course as one record; hidden ones are passed over.

    Raises NotAFeed before the first record is given.
    """
    courses: dict[str, list[_Run]] = {}
    bad: list[Finding] = []
    records = records_in(document_in(feed.content), "results", each="name")
    for number, record in enumerate(records, 1):
        finding = unusable(record, number)
        if finding:
            bad.append(finding)
        elif not Told(record).is_true("hidden"):
            run = _run(Told(record), feed, Notes(number))
            courses.setdefault(run.course or f"\n{number}", []).append(run)
    yield from bad
    yield from within_room(_draft(runs[-MOST_RUNS:], feed) for runs in courses.values())


@dataclass(frozen=True, slots=True)
class _Run:
    """A record of the platform, which is one run of a course."""

    told: Told
    course: str
    content: RunContent
    notes: Notes


def _run(told: Told, feed: Feed, notes: Notes) -> _Run:
    read_by = dates.clock("", feed.zone, notes, feed.defaults)
    start = "" if told.words("start_type") == "empty" else told.words("start")
    content = dates.run_between(start, told.words("end"), read_by)
    if content.starts_at == NO_START:
        content = replace(content, starts_at=None, ends_at=None)
    until = read_by.read("enrollment_end", told.words("enrollment_end"))
    content = replace(content, enrol_until=until.end if until else None)
    if told.is_true("invitation_only"):
        notes.add("invitation_only", "invitation-only")
    key = told.words("id", "course_id")
    parts = _KEY.fullmatch(key)
    return _Run(told, f"{parts[1]}+{parts[2]}" if parts else key, content, notes)


def _draft(runs: Sequence[_Run], feed: Feed) -> Draft:
    """Make one record of the runs of a course: the newest speaks for all of them."""
    newest = max(runs, key=lambda run: run.content.starts_at or datetime.min.replace(tzinfo=UTC))
    told, notes = newest.told, newest.notes
    languages = taught_in([], feed, notes)
    short, long = told.words("short_description"), told.words("overview")
    return Draft(
        external_id=newest.course,
        line=runs[0].notes.line,
        payload={"runs": [run.told.parts for run in runs]},
        kind=Kind.COURSE,
        texts=[text_in(languages, told.words("name"), short, long)],
        languages=languages,
        provider=told.words("org") or feed.defaults.get("provider") or None,
        address=reading.address(_address(told, feed), notes),
        runs=[run.content for run in runs],
        delivery=reading.delivery(feed.defaults.get("mode", "")) or Delivery.ONLINE,
        pace=_PACES.get(told.words("pacing")),
        level=reading.level(feed.defaults.get("level", "")),
        cost=reading.cost(feed.defaults.get("cost", "")),
        workload=reading.workload(_effort(told.words("effort")), notes),
        licence=reading.licence(feed.defaults.get("licence", "")),
        findings=[finding for run in runs for finding in run.notes.found],
    )


def _address(told: Told, feed: Feed) -> str:
    """Give the page about a run, which stands beside the interface that lists it."""
    key = told.words("id", "course_id")
    about = beside(told.words("blocks_url") or feed.address, f"/courses/{key}/about")
    return (about if key else "") or told.words("course_about_url")


def _effort(text: str) -> str:
    """Read the effort: where it is a number or "04:00", the platform asks for hours a week."""
    found = _HOURS.fullmatch(text)
    if found is None:
        return text
    minutes = int(found[2] or 0)
    spelled = f"{int(found[1])} h {minutes} min" if minutes else f"{int(found[1])} h"
    return f"{spelled}/week"
