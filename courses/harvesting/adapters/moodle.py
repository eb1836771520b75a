"""Moodle web services: the courses of a site, as a list or as pages of search results.

The answers of core_course_get_courses, core_course_get_courses_by_field and
core_course_search_courses are read alike. What went wrong is told with the status 200.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from academy.text import clean_line
from courses.harvesting.draft import Draft, Feed, Finding, Gone, NotAFeed, Notes
from courses.harvesting.formats.addresses import arguments_of, asking, path_of
from courses.harvesting.formats.documents import Told, document_in, records_in, unusable
from courses.harvesting.formats.moodle_courses import SERVICE, draft_of

COMPLETE = True
FUNCTION, SEARCH = "core_course_get_courses_by_field", "core_course_search_courses"
PAGE_SIZE = 100
FRONT_PAGE = "site"
"""The format of the course that is the site itself."""


def begin(address: str, *, since: datetime | None) -> str:
    """Ask for all courses, or for the first page of a search named in the address.

    The address of the site is enough. The interface knows no dates of change: `since` says nothing.
    """
    del since
    asked = arguments_of(address)
    asked.pop("wstoken", None)
    path = path_of(address)
    service = path if path.endswith(SERVICE) else f"{path}{SERVICE}"
    usual = {"wsfunction": FUNCTION, "moodlewsrestformat": "json"}
    if asked.get("wsfunction") == SEARCH:
        usual |= {"criterianame": "search", "criteriavalue": ""}
        usual |= {"page": "0", "perpage": str(PAGE_SIZE)}
    return asking(address, usual | asked, path=service)


def following(feed: Feed, address: str) -> list[str]:
    """Give the next page of a search; an empty page is the last, whatever the total."""
    asked, document = arguments_of(address), document_in(feed.content)
    if asked.get("wsfunction") != SEARCH or not isinstance(document, dict):
        return []
    page, size, total = (
        int(text) if text.isascii() and text.isdigit() else 0
        for text in (
            *(asked.get(name, "")[:9] for name in ("page", "perpage")),
            Told(document).words("total")[:9],
        )
    )
    if not document.get("courses") or (page + 1) * size >= total:
        return []
    return [asking(address, asked | {"page": str(page + 1)})]


def read(feed: Feed) -> Iterator[Draft | Finding | Gone]:
    """Read the courses of an answer; a hidden one is gone, and the front page is none.

    Raises NotAFeed before the first record is given: for what the platform says went wrong, too.
    """
    for number, record in enumerate(_records(feed.content), 1):
        finding = unusable(record, number)
        if finding:
            yield finding
            continue
        told = Told(record)
        if told.words("visible") == "0" or record.get("visible") is False:
            yield Gone(told.words("id"), number)
        elif told.words("format") != FRONT_PAGE and told.words("categoryid") != "0":
            yield draft_of(told, feed, Notes(number))


def _records(content: bytes) -> list[Any]:
    document = document_in(content)
    if isinstance(document, dict) and ({"exception", "errorcode"} & document.keys()):
        said = Told(document)
        words = f"{said.words('errorcode', 'exception')} {said.words('message', 'error')}"
        raise NotAFeed("source-error", said=clean_line(words, limit=200))
    return records_in(document, "courses", each="fullname")
