"""JSON Lines v1, our exchange format: one offer a line.

Fields: source, source_id, title, description, language, lang_src, languages, provider, subjects,
audience, url, start, end, zone, kind, level, mode, cost, workload; and beside them subtitles and
materials (languages), texts (by language), runs (with meetings) and terms (by vocabulary).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from academy.i18n import Texts
from academy.text import clean_line
from courses.catalogue.content import LanguageContent, MeetingContent, RunContent, TextContent
from courses.catalogue.models import LanguageOrigin, LanguageRole
from courses.harvesting.draft import AUDIENCE, Draft, Feed, Finding, Notes, Weight
from courses.harvesting.formats.lines import check_lines, lines_of, object_in
from courses.harvesting.reading import dates
from courses.harvesting.reading import values as reading
from courses.harvesting.reading.languages import language

COMPLETE = True
SAID_BY = {
    "": LanguageOrigin.DECLARED,
    "declared": LanguageOrigin.DECLARED,
    "file": LanguageOrigin.SOURCE,
}
LARGEST_CAPACITY = 1_000_000
LONGEST_TITLE = 200

Json = Mapping[str, Any]


def begin(address: str, *, since: datetime | None = None) -> str:
    """Give the address itself: a file is one file, and always whole."""
    del since
    return address


def following(feed: Feed, address: str) -> list[str]:
    """Give what the file leads to, which is nothing."""
    del feed, address
    return []


def read(feed: Feed) -> Iterator[Draft | Finding]:
    """Read one record a line. A bad line is a finding; a file that ends inside a line is refused.

    Raises NotAFeed before the first record is given.
    """
    check_lines(feed.content)
    for number, line in lines_of(feed.content):
        told = object_in(line)
        if told is None:
            found = line[:200].decode(errors="replace")
            yield Finding(number, "", "not-json", Weight.REJECTED, found)
        else:
            record = _Record({**feed.defaults, **_filled(told)}, Notes(number))
            yield _draft(record, told, feed.zone)


def _filled(told: Json) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value not in (None, "")}


@dataclass(frozen=True, slots=True)
class _Record:
    """An object of a line, asked for its fields: what has the wrong type says nothing."""

    told: Json
    notes: Notes

    def words(self, name: str) -> str:
        """Give a text or a number as text."""
        value = self.told.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return ""
        return reading.said(str(value))

    def many(self, name: str) -> list[str]:
        """Give the words of a list, or of a text that lists them."""
        value = self.told.get(name)
        if isinstance(value, str):
            return reading.many(value)
        values = value if isinstance(value, list) else []
        texts = (str(one) for one in values if isinstance(one, str | int))
        return [word for text in texts if (word := clean_line(text, limit=reading.LONGEST_WORD))]

    def objects(self, name: str) -> list[_Record]:
        """Give the objects of a list."""
        value = self.told.get(name)
        values = value if isinstance(value, list) else []
        return [_Record(one, self.notes) for one in values if isinstance(one, dict)]

    def object(self, name: str) -> _Record:
        """Give an object; an empty one when there is none."""
        value = self.told.get(name)
        return _Record(value if isinstance(value, dict) else {}, self.notes)


def _draft(record: _Record, payload: Json, zone: str) -> Draft:
    kinds = record.many("kind")
    return Draft(
        external_id=_external_id(record),
        line=record.notes.line,
        payload=payload,
        kind=reading.kind(" ".join(kinds)),
        texts=_texts(record),
        languages=_languages(record, payload),
        words=list(dict.fromkeys((*record.many("subjects"), *kinds))),
        codes=_our_codes(record),
        provider=record.words("provider") or None,
        address=reading.address(record.words("url"), record.notes),
        runs=_runs(record, zone),
        delivery=reading.delivery(record.words("mode")),
        level=reading.level(record.words("level")),
        cost=reading.cost(record.words("cost")),
        workload=reading.workload(record.words("workload"), record.notes),
        findings=record.notes.found,
    )


def _our_codes(record: _Record) -> dict[str, list[str]]:
    """Give our terms by vocabulary, and whom the record says it is for: in our words or others."""
    terms = record.object("terms")
    codes = {name: terms.many(name) for name in terms.told}
    meant = record.many("audience")
    for named in record.objects("audience"):
        # As schema.org writes it: {"@type": "Audience", "audienceType": "..."}.
        meant += [*named.many("audienceType"), *named.many("educationalRole")]
    return codes | ({AUDIENCE: [*codes.get(AUDIENCE, ()), *meant]} if meant else {})


def _external_id(record: _Record) -> str:
    source, own = record.words("source"), record.words("source_id")
    return f"{source}:{own}" if source and own else own


def _texts(record: _Record) -> list[TextContent]:
    """Give the record's own text first, then those in other languages."""
    own = language(record.words("language")) or ""
    texts = {own: _text(own, record)}
    others = record.object("texts")
    for code in others.told:
        written_in, other = language(code), others.object(code)
        if written_in is None or not other.words("title"):
            record.notes.add("texts", "unusable-text", code)
        elif written_in not in texts:
            texts[written_in] = _text(written_in, other)
    return list(texts.values())


def _text(code: str, record: _Record) -> TextContent:
    title, summary = record.words("title"), record.words("summary")
    return TextContent(code, title, summary or None, record.words("description"))


def _languages(record: _Record, payload: Json) -> list[LanguageContent]:
    codes = {LanguageRole.TAUGHT: _codes(record, "languages")}
    for role in (LanguageRole.SUBTITLES, LanguageRole.MATERIALS):
        codes[role] = _codes(record, role.value)
    languages = [LanguageContent(code, role) for role in codes for code in codes[role]]
    said = record.words("language")
    code = language(said)
    if code is None:
        if said:
            record.notes.add("language", "unknown-language", said)
        return languages
    by_source = not _filled(payload).get("language")
    origin = LanguageOrigin.SOURCE if by_source else _origin(record.words("lang_src"))
    first = LanguageContent(code, origin=origin)
    return [first, *(one for one in languages if (one.code, one.role) != (code, first.role))]


def _origin(said_by: str) -> LanguageOrigin:
    return SAID_BY.get(said_by, LanguageOrigin.GUESSED)


def _codes(record: _Record, name: str) -> list[str]:
    codes = {word: language(word) for word in record.many(name)}
    for word in (word for word, code in codes.items() if code is None):
        record.notes.add(name, "unknown-language", word)
    return list(dict.fromkeys(code for code in codes.values() if code))


def _runs(record: _Record, zone: str) -> list[RunContent]:
    runs = record.objects("runs")
    if runs:
        return [_run(run, zone) for run in runs]
    read_by = dates.clock(record.words("zone"), zone, record.notes)
    return [dates.run_between(record.words("start"), record.words("end"), read_by)]


def _run(run: _Record, zone: str) -> RunContent:
    read_by = dates.clock(run.words("zone"), zone, run.notes)
    closes = read_by.read("enrol_until", run.words("enrol_until"))
    return replace(
        dates.run_between(run.words("starts"), run.words("ends"), read_by),
        enrol_until=closes.end if closes else None,
        capacity=_capacity(run.told.get("capacity")),
        meetings=_meetings(run, read_by),
    )


def _capacity(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= LARGEST_CAPACITY else None


def _meetings(run: _Record, read_by: dates.Clock) -> list[MeetingContent]:
    meetings: dict[datetime, MeetingContent] = {}
    for hour in run.objects("meetings"):
        starts, ends = read_by.span(hour.words("starts"), hour.words("ends"))
        if starts is None or ends is None or starts >= ends:
            run.notes.add("meetings", "unusable-meeting", hour.words("starts"))
        else:
            meetings[starts] = MeetingContent(starts, ends, _titles(hour))
    return [meetings[starts] for starts in sorted(meetings)]


def _titles(hour: _Record) -> Texts:
    titles = hour.object("title")
    read = {language(code): titles.words(code) for code in titles.told}
    return {code: clean_line(text, limit=LONGEST_TITLE) for code, text in read.items() if code}
