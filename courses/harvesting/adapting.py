"""The formats we read, by name: what reads each, how its pages lead on, what absence means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from courses.harvesting.adapters import (
    csv,
    feed,
    ical,
    jsonl,
    moochub,
    moodle,
    oai,
    objects,
    openedx,
    schedule,
    schemaorg,
    sheet,
)
from courses.harvesting.draft import Draft, Feed, Finding, Gone

Item = Draft | Finding | Gone


class Begin(Protocol):
    """Gives the address of the first page; `since` asks for what changed since then only."""

    def __call__(self, address: str, *, since: datetime | None) -> str:
        """Give the address."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """How a format is read.

    `complete` tells whether what is absent from a whole reading is missing. `stated` gives the
    moment from which the next reading may go on, where the format tells what changed since.
    `accept` is what the source is asked for. `by_post` sends the arguments of an address as a form.
    `crawls` goes through pages made for people, and asks robots.txt first. `gathers` has parts of
    one record on several pages: none is left out because it did not change. `of_a_month` means
    other dates each month, though it says the same. `named` gives what stays of the address of a
    page from one reading to the next.
    """

    read: Callable[[Feed], Iterator[Item]]
    begin: Begin
    following: Callable[[Feed, str], list[str]]
    complete: bool
    stated: Callable[[Feed], datetime | None] | None = None
    accept: str = "*/*"
    by_post: bool = False
    crawls: bool = False
    gathers: bool = False
    of_a_month: bool = False
    named: Callable[[str], str] = str


JSON = "application/json"
MOOCHUB = "application/vnd.api+json; moochub-version=3, application/json;q=0.5"
ADAPTERS: Mapping[str, Adapter] = {
    "csv": Adapter(csv.read, csv.begin, csv.following, csv.COMPLETE),
    "feed": Adapter(feed.read, feed.begin, feed.following, feed.COMPLETE),
    "ical": Adapter(ical.read, ical.begin, ical.following, ical.COMPLETE, of_a_month=True),
    "jsonl": Adapter(jsonl.read, jsonl.begin, jsonl.following, jsonl.COMPLETE),
    "moochub": Adapter(
        moochub.read, moochub.begin, moochub.following, moochub.COMPLETE, accept=MOOCHUB
    ),
    "moodle": Adapter(
        moodle.read, moodle.begin, moodle.following, moodle.COMPLETE, accept=JSON, by_post=True
    ),
    "oai": Adapter(oai.read, oai.begin, oai.following, oai.COMPLETE, oai.stated, named=oai.named),
    "objects": Adapter(
        objects.read, objects.begin, objects.following, objects.COMPLETE, accept=JSON
    ),
    "openedx": Adapter(
        openedx.read,
        openedx.begin,
        openedx.following,
        openedx.COMPLETE,
        accept=JSON,
        gathers=True,
    ),
    "schedule": Adapter(schedule.read, schedule.begin, schedule.following, schedule.COMPLETE),
    "schemaorg": Adapter(
        schemaorg.read, schemaorg.begin, schemaorg.following, schemaorg.COMPLETE, crawls=True
    ),
    "sheet": Adapter(sheet.read, sheet.begin, sheet.following, sheet.COMPLETE),
}
