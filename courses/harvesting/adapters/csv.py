"""Tables as CSV: any headers through a mapping, any usual encoding and delimiter."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence

from academy.text import clean_line, is_web_address
from courses.catalogue.content import LanguageContent, RunContent, TextContent
from courses.catalogue.models import LanguageOrigin, LanguageRole
from courses.harvesting import reading
from courses.harvesting.columns import guess_columns
from courses.harvesting.decoding import decode, delimiter_of
from courses.harvesting.draft import Draft, Feed, Finding, NotAFeed, Weight

LARGEST_CELL = 2_000_000
Row = Mapping[str, str]


def headers(feed: Feed) -> list[str]:
    """Give the headers of the table.

    Raises NotAFeed.
    """
    return _rows(feed)[0]


def read(feed: Feed) -> Iterator[Draft | Finding]:
    """Read one record a row, through the feed's columns or, where it has none, guessed ones.

    Raises NotAFeed.
    """
    names, rows = _rows(feed)
    columns = feed.columns or guess_columns(names)
    if "title" not in columns:
        raise NotAFeed("no-title-column", headers=", ".join(names)[:300])
    for line, cells in rows:
        if any(cell.strip() for cell in cells):
            row = dict(zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=False))
            yield _draft(row, line, columns, feed)


def _rows(feed: Feed) -> tuple[list[str], list[tuple[int, list[str]]]]:
    text = decode(feed.content)
    delimiter = delimiter_of(text)
    csv.field_size_limit(LARGEST_CELL)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [(table.line_num, cells) for cells in table]
    except csv.Error as broken:
        code = "breaks-off" if "end of data" in str(broken) else "not-a-table"
        raise NotAFeed(code, line=str(table.line_num)) from None
    if not rows:
        raise NotAFeed("empty")
    names = [name.strip() for name in rows[0][1]]
    last = rows[-1][1]
    if len(rows) > 1 and not text.endswith("\n") and 0 < len(last) < len(names):
        raise NotAFeed("breaks-off", line=str(rows[-1][0]))
    if len(names) < 2:
        raise NotAFeed("not-a-table", line="1")
    return names, rows[1:]


def _draft(row: Row, line: int, columns: Mapping[str, Sequence[str]], feed: Feed) -> Draft:
    found: list[Finding] = []

    def cell(name: str) -> str:
        texts = (row.get(column, "").strip() for column in columns.get(name, ()))
        return next((text for text in texts if text), feed.defaults.get(name, ""))

    address, provider = cell("url"), cell("provider")
    if provider and is_web_address(provider):
        found.append(Finding(line, "provider", "address-for-a-name", Weight.REPAIRED, provider))
        provider = ""
    run = _run(cell("start"), cell("end"), cell("zone"), line, feed, found)
    languages = _languages(row, columns, feed, line, found)
    own = languages[0].code if languages else ""
    words = [word for column in columns.get("subjects", ()) for word in reading.many(row[column])]
    words += [cell(name) for name in ("kind", "mode") if cell(name)]
    return Draft(
        external_id=cell("id") or address or _digest(cell("title"), provider, cell("start")),
        line=line,
        payload=dict(row),
        kind=reading.kind(cell("kind")),
        texts=[TextContent(own, cell("title"), cell("summary") or None, cell("description"))],
        languages=languages,
        words=list(dict.fromkeys(words)),
        provider=provider or None,
        address=address or None,
        runs=[run],
        delivery=reading.delivery(cell("mode")),
        level=reading.level(cell("level")),
        cost=reading.cost(cell("cost")),
        workload=clean_line(cell("workload"), limit=120) or None,
        findings=found,
    )


def _digest(*parts: str) -> str:
    """Name a record that has neither id nor address by what it says."""
    return "sha256:" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _languages(
    row: Row,
    columns: Mapping[str, Sequence[str]],
    feed: Feed,
    line: int,
    found: list[Finding],
) -> list[LanguageContent]:
    languages: dict[tuple[str, LanguageRole], LanguageContent] = {}
    for name, role in (("language", LanguageRole.TAUGHT), ("subtitles", LanguageRole.SUBTITLES)):
        for column in columns.get(name, ()):
            for word in _language_words(row.get(column, "")):
                code = reading.language(word)
                if code:
                    languages[code, role] = LanguageContent(code, role)
                elif name == "language":
                    found.append(Finding(line, name, "unknown-language", found=word[:80]))
    if not any(role is LanguageRole.TAUGHT for _, role in languages):
        default = reading.language(feed.defaults.get("language", ""))
        if default:
            said = LanguageContent(default, origin=LanguageOrigin.SOURCE)
            return [said, *languages.values()]
    return sorted(languages.values(), key=lambda one: one.role is not LanguageRole.TAUGHT)


def _language_words(text: str) -> list[str]:
    """Take the languages out of a cell, such as "Subtitles: French, Arabic"."""
    listed = text.rpartition(":")[2]
    return [part.strip() for piece in reading.many(listed) for part in piece.split(",") if part]


def _run(
    start: str, end: str, zone_name: str, line: int, feed: Feed, found: list[Finding]
) -> RunContent:
    zone = reading.zone_or_none(zone_name) or feed.zone
    starts = reading.instant(start, zone) if start else None
    ends = reading.instant(end, zone) if end else None
    for name, text, moment in (("start", start, starts), ("end", end, ends)):
        if text and moment is None:
            found.append(Finding(line, name, "unreadable-date", Weight.NOTED, text[:80]))
        elif moment and moment.hour_said and not moment.zone_said and not zone_name:
            found.append(Finding(line, name, "no-zone", Weight.NOTED, text[:80]))
    finish = reading.end_of(ends) if ends else None
    if starts and finish and finish < starts.at:
        found.append(Finding(line, "end", "ends-before-start", Weight.REPAIRED, end[:80]))
        finish = None
    return RunContent(starts.at if starts else None, finish, zone=zone)
