"""A course as Moodle tells of it, and the draft it makes."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from academy.text import LONGEST, clean_line
from courses.catalogue.content import LanguageContent, RunContent, TextContent
from courses.catalogue.models import Cost
from courses.harvesting.draft import AUDIENCE, Draft, Feed, Notes
from courses.harvesting.formats.documents import Told, taught_in
from courses.harvesting.reading import dates
from courses.harvesting.reading import values as reading
from courses.harvesting.reading.columns import guess_columns
from courses.harvesting.reading.multilang import spoken

SERVICE = "/webservice/rest/server.php"
PLAIN = "2"
"""How the platform numbers a text that is no markup."""

_FILE_OF = re.compile(r"(https?://[^\s?#]{1,300}?)(?:/webservice)?/pluginfile\.php/")
_PAID_WAYS = frozenset(("fee", "paypal", "stripe", "payment"))
_FREE_WAYS = frozenset(("self", "guest"))


def draft_of(told: Told, feed: Feed, notes: Notes) -> Draft:
    """Say what a course is, with what the source says of all its courses."""
    own = _Own.of(told)
    languages = taught_in([*told.many("lang"), *own.many("language")], feed, notes)
    category = told.words("categoryname")
    audience = own.many("audience")
    return Draft(
        external_id=told.words("id"),
        line=notes.line,
        payload=told.parts,
        kind=reading.kind(category),
        texts=_texts(told, languages),
        languages=languages,
        words=list(dict.fromkeys((*reading.many(_first(category)), *own.many("subjects")))),
        codes={AUDIENCE: audience} if audience else {},
        provider=feed.defaults.get("provider") or None,
        address=reading.address(_address(told, feed), notes),
        runs=[_run(told, feed, notes)],
        delivery=reading.delivery(own.said("mode") or feed.defaults.get("mode", "")),
        level=reading.level(own.said("level") or feed.defaults.get("level", "")),
        cost=_cost(told) or reading.cost(own.said("cost") or feed.defaults.get("cost", "")),
        workload=reading.workload(own.said("workload"), notes),
        licence=reading.licence(own.said("licence"), feed.defaults.get("licence", "")),
        findings=notes.found,
    )


@dataclass(frozen=True, slots=True)
class _Own:
    """The fields a site added to its courses, seen as the columns of a table."""

    told: Mapping[str, str]
    columns: Mapping[str, list[str]]

    @classmethod
    def of(cls, told: Told) -> _Own:
        """Guess what they mean by their names."""
        fields = {one.words("name"): one.words("value") for one in told.objects("customfields")}
        return cls(fields, guess_columns(list(fields)))

    def said(self, field: str) -> str:
        """Give what they say of one of our fields."""
        return next((self.told[name] for name in self.columns.get(field, ())), "")

    def many(self, field: str) -> list[str]:
        """Give the words they say of one of our fields."""
        return reading.many(_first(self.said(field)))


def _first(text: str) -> str:
    """Give a text in the first of its languages, on one line."""
    return clean_line(next(iter(_spoken(text).values())), limit=reading.LONGEST_SENTENCE)


def _spoken(text: str) -> dict[str, str]:
    """Give a text in its languages; of one that is too long for anybody, the beginning."""
    return spoken(text[:LONGEST])


def _texts(told: Told, languages: list[LanguageContent]) -> list[TextContent]:
    """Give the texts by language, beginning with the one the course is taught in."""
    titles, long = _spoken(told.words("fullname", "displayname")), _spoken(_summary(told))
    own = languages[0].code if languages else ""
    codes = [code for code in dict.fromkeys((*titles, *long)) if code]
    codes.sort(key=lambda code: code != own)
    (title, *_), (text, *_) = titles.values(), long.values()
    return [
        TextContent(code, titles.get(code, title), None, long.get(code, text))
        for code in codes or [own]
    ]


def _summary(told: Told) -> str:
    summary = told.words("summary")
    plain = told.words("summaryformat") == PLAIN
    return html.escape(summary, quote=False) if plain else summary


def _address(told: Told, feed: Feed) -> str:
    """Give the page of a course: on the site of the source, else where its files lie."""
    site = (feed.address or feed.defaults.get("url", "")).partition(SERVICE)[0].rstrip("/")
    files = (one.words("fileurl") for one in told.objects("overviewfiles"))
    lies = next((found[1] for file in files if (found := _FILE_OF.match(file))), "")
    number = told.words("id")
    return f"{site or lies}/course/view.php?id={number}" if (site or lies) and number else ""


def _run(told: Told, feed: Feed, notes: Notes) -> RunContent:
    start, end = (_moment(told.words(name)) for name in ("startdate", "enddate"))
    return dates.run_between(start, end, dates.clock("", feed.zone, notes))


def _moment(seconds: str) -> str:
    """Spell a moment counted in seconds since 1970; 0 means none."""
    if not re.fullmatch(r"\d{1,11}", seconds):
        return seconds
    return datetime.fromtimestamp(int(seconds), UTC).isoformat() if int(seconds) else ""


def _cost(told: Told) -> Cost | None:
    """Tell by the ways in which people enrol whether they pay."""
    ways = set(told.many("enrollmentmethods"))
    if ways & _FREE_WAYS:
        return Cost.FREE
    return Cost.PAID if ways & _PAID_WAYS else None
