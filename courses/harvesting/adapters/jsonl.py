"""JSON Lines v1, our exchange format: one offer a line.

Fields: source, source_id, title, description, language, lang_src, languages, provider, subjects,
url, start, end, kind, level, mode, workload; and beside them texts (by language), runs (with
meetings) and terms (by vocabulary).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from courses.catalogue.content import LanguageContent, MeetingContent, RunContent, TextContent
from courses.catalogue.models import LanguageOrigin, LanguageRole
from courses.harvesting import reading
from courses.harvesting.draft import Draft, Feed, Finding, NotAFeed, Weight

SAID_BY = {
    None: LanguageOrigin.DECLARED,
    "declared": LanguageOrigin.DECLARED,
    "file": LanguageOrigin.SOURCE,
}


def read(feed: Feed) -> Iterator[Draft | Finding]:
    """Read one record a line. A bad line is a finding; a file that ends inside a line is refused.

    Raises NotAFeed.
    """
    lines = _text(feed.content).split("\n")
    _check(lines)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        record = _record(line)
        if record is None:
            yield Finding(number, "", "not-json", Weight.REJECTED, line[:200])
        else:
            yield _draft(record, number, feed)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotAFeed("not-utf-8") from None


def _check(lines: list[str]) -> None:
    """Refuse what is no JSON Lines file at all, and what breaks off."""
    filled = [line for line in lines if line.strip()]
    if not filled:
        raise NotAFeed("empty")
    if filled[0].lstrip().startswith("<"):
        raise NotAFeed("html")
    if all(_record(line) is None for line in filled[:50]):
        raise NotAFeed("not-json-lines")
    if lines[-1].strip() and _record(lines[-1]) is None:
        raise NotAFeed("breaks-off", line=str(len(lines)))


def _record(line: str) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _draft(record: dict[str, Any], line: int, feed: Feed) -> Draft:
    found: list[Finding] = []
    runs = _runs(record, line, feed, found)
    kind_word = _words(record, "kind")
    return Draft(
        external_id=_external_id(record),
        line=line,
        payload=record,
        kind=reading.kind(kind_word),
        texts=_texts(record),
        languages=_languages(record, line, found),
        words=[str(word) for word in _list(record, "subjects")]
        + ([kind_word] if kind_word else []),
        codes={str(name): codes for name, codes in _mapping(record, "terms").items()},
        provider=_words(record, "provider") or None,
        address=_words(record, "url") or None,
        runs=runs,
        delivery=reading.delivery(_words(record, "mode")),
        level=reading.level(_words(record, "level")),
        cost=reading.cost(_words(record, "cost")),
        workload=_words(record, "workload") or None,
        findings=found,
    )


def _external_id(record: dict[str, Any]) -> str:
    source, own = _words(record, "source"), _words(record, "source_id")
    return f"{source}:{own}" if own else ""


def _words(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _list(record: dict[str, Any], name: str) -> list[Any]:
    value = record.get(name)
    return value if isinstance(value, list) else []


def _mapping(record: dict[str, Any], name: str) -> dict[str, Any]:
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def _texts(record: dict[str, Any]) -> list[TextContent]:
    language = reading.language(_words(record, "language")) or ""
    texts = [
        TextContent(language, _words(record, "title"), description=_words(record, "description"))
    ]
    for code, text in _mapping(record, "texts").items():
        written_in = reading.language(str(code))
        if written_in and written_in != language and isinstance(text, dict):
            title, summary = _words(text, "title"), _words(text, "summary")
            description = _words(text, "description")
            texts.append(TextContent(written_in, title, summary or None, description))
    return texts


def _languages(record: dict[str, Any], line: int, found: list[Finding]) -> list[LanguageContent]:
    said = _words(record, "language")
    code = reading.language(said) if said else None
    if said and code is None:
        found.append(Finding(line, "language", "unknown-language", Weight.NOTED, said[:80]))
    origin = SAID_BY.get(record.get("lang_src"), LanguageOrigin.GUESSED)
    languages = [LanguageContent(code, origin=origin)] if code else []
    others = (reading.language(str(other)) for other in _list(record, "languages"))
    taught = dict.fromkeys(other for other in others if other and other != code)
    languages += [LanguageContent(other) for other in taught]
    for role in (LanguageRole.SUBTITLES, LanguageRole.MATERIALS):
        codes = (reading.language(str(one)) for one in _list(record, role.value))
        languages += [LanguageContent(one, role) for one in dict.fromkeys(codes) if one]
    return languages


def _runs(record: dict[str, Any], line: int, feed: Feed, found: list[Finding]) -> list[RunContent]:
    runs = [_run(run, line, feed, found) for run in _list(record, "runs") if isinstance(run, dict)]
    if runs:
        return runs
    named = {"starts": record.get("start"), "ends": record.get("end"), "zone": record.get("zone")}
    return [_run(named, line, feed, found)]


def _run(run: dict[str, Any], line: int, feed: Feed, found: list[Finding]) -> RunContent:
    zone = reading.zone_or_none(_words(run, "zone")) or feed.zone
    starts = _moment(run, "starts", zone, line, found)
    ends = _moment(run, "ends", zone, line, found)
    if starts and ends and ends < starts:
        found.append(Finding(line, "end", "ends-before-start", Weight.REPAIRED, ends.isoformat()))
        ends = None
    capacity = run.get("capacity")
    return RunContent(
        starts_at=starts,
        ends_at=ends,
        enrol_until=_moment(run, "enrol_until", zone, line, found),
        zone=zone,
        capacity=capacity if isinstance(capacity, int) and capacity >= 0 else None,
        meetings=_meetings(run, zone, line, found),
    )


def _meetings(
    run: dict[str, Any], zone: str, line: int, found: list[Finding]
) -> list[MeetingContent]:
    meetings = []
    for hour in _list(run, "meetings"):
        if not isinstance(hour, dict):
            continue
        starts = _moment(hour, "starts", zone, line, found)
        ends = _moment(hour, "ends", zone, line, found)
        if starts and ends and starts < ends:
            titles = {str(k): str(v) for k, v in _mapping(hour, "title").items()}
            meetings.append(MeetingContent(starts, ends, titles))
    return meetings


def _moment(
    record: dict[str, Any], name: str, zone: str, line: int, found: list[Finding]
) -> datetime | None:
    text = _words(record, name)
    if not text:
        return None
    # Some calendars write "start - end" where one moment belongs.
    read = reading.instant(text, zone) or reading.instant(text.split(" - ")[0], zone)
    if read is None:
        found.append(Finding(line, name, "unreadable-date", Weight.NOTED, text[:80]))
        return None
    if read.hour_said and not read.zone_said:
        found.append(Finding(line, name, "no-zone", Weight.NOTED, text[:80]))
    return reading.end_of(read) if name in {"ends", "enrol_until"} else read.at
