"""Tables as CSV: any headers through a mapping, any usual encoding and delimiter."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from academy.text import is_web_address
from courses.catalogue.content import LanguageContent, TextContent
from courses.catalogue.models import LanguageOrigin, LanguageRole
from courses.harvesting import dates, reading
from courses.harvesting.columns import Columns, check_columns, guess_columns
from courses.harvesting.draft import (
    AUDIENCE,
    LONGEST_FOUND,
    LONGEST_ID,
    Draft,
    Feed,
    Finding,
    Notes,
    Weight,
)
from courses.harvesting.languages import language
from courses.harvesting.tables import Table

BEYOND = "(beyond the last column)"


def headers(feed: Feed) -> list[str]:
    """Give the headers of the table.

    Raises NotAFeed.
    """
    return Table(feed.content).headers


def read(feed: Feed) -> Iterator[Draft | Finding]:
    """Read one record a row, through the feed's columns or, where it has none, guessed ones.

    Raises NotAFeed before the first record is given.
    """
    table = Table(feed.content)
    columns = feed.columns or guess_columns(table.headers)
    check_columns(columns, table.headers)
    table.check()
    for line, cells in table.rows():
        if cells is None:
            yield Finding(line, "", "broken-quotes", Weight.REJECTED)
            continue
        notes = Notes(line)
        record = _Record(_row(table.headers, cells, notes), columns, feed.defaults, notes)
        title = record.cell("title")
        if "\n" in title and "://" in title:
            # A quote was lost: the title runs on through the cells and rows that follow.
            yield Finding(line, "title", "broken-quotes", Weight.REJECTED, title[:LONGEST_FOUND])
        else:
            yield _draft(record, feed.zone)


def _row(names: Sequence[str], cells: list[str], notes: Notes) -> dict[str, str]:
    padded = cells + [""] * (len(names) - len(cells))
    row = dict(zip(names, padded, strict=False))
    beyond = [cell for cell in cells[len(names) :] if cell.strip()]
    if beyond:
        row[BEYOND] = "\n".join(beyond)
        notes.add("", "too-many-cells", " ".join(beyond))
    if any("\ufffd" in cell for cell in cells):
        notes.add("", "unreadable-characters")
    return row


@dataclass(frozen=True, slots=True)
class _Record:
    """One row, seen through the columns."""

    row: Mapping[str, str]
    columns: Columns
    defaults: Mapping[str, str]
    notes: Notes

    def cells(self, field: str) -> list[str]:
        """Give what the columns of a field say."""
        texts = (reading.said(self.row.get(name, "")) for name in self.columns.get(field, ()))
        return [text for text in texts if text]

    def cell(self, field: str) -> str:
        """Give what the first of them says that says anything, else the default of the source."""
        return next(iter(self.cells(field)), self.defaults.get(field, ""))


def _draft(record: _Record, zone: str) -> Draft:
    notes = record.notes
    address, provider = reading.address(record.cell("url"), notes), _provider(record)
    read_by = dates.clock(record.cell("zone"), zone, notes)
    languages = _languages(record)
    text = TextContent(
        next((one.code for one in languages if one.role is LanguageRole.TAUGHT), ""),
        reading.prose(record.cell("title")),
        reading.prose(record.cell("summary")) or None,
        reading.prose(record.cell("description")),
    )
    return Draft(
        external_id=_external_id(record, address),
        line=notes.line,
        payload=record.row,
        kind=reading.kind(record.cell("kind")),
        texts=[text],
        languages=languages,
        words=_words(record),
        codes=_audience(record),
        provider=provider or None,
        address=address,
        runs=[dates.run_between(record.cell("start"), record.cell("end"), read_by)],
        delivery=reading.delivery(record.cell("mode")),
        level=reading.level(record.cell("level")),
        cost=reading.cost(record.cell("cost")),
        workload=reading.workload(record.cell("workload"), notes),
        findings=notes.found,
    )


def _provider(record: _Record) -> str:
    provider = record.cell("provider")
    if not is_web_address(provider):
        return provider
    record.notes.add("provider", "address-for-a-name", provider, Weight.REPAIRED)
    return ""


def _external_id(record: _Record, address: str | None) -> str:
    """Give the partner's identifier, else the address, else a digest of what the record says."""
    own = next(iter(record.cells("id")), address or "")
    if own and (own != address or len(own) <= LONGEST_ID):
        return own
    record.notes.add("id", "no-own-id")
    parts = "\x1f".join(record.cell(field) for field in ("title", "url", "provider", "start"))
    return "sha256:" + hashlib.sha256(parts.encode()).hexdigest()[:32]


def _words(record: _Record) -> list[str]:
    """Give the words that may mean one of our terms, each once."""
    cells = [cell for field in ("subjects", "kind", "mode") for cell in record.cells(field)]
    words = (
        word for cell in cells for word in reading.many(cell) if not reading.is_yes_or_no(cell)
    )
    return list(dict.fromkeys(words))


def _audience(record: _Record) -> dict[str, list[str]]:
    """Give the words that say for whom it is; nothing at all where none do."""
    cells = record.cells("audience") or [record.cell("audience")]
    words = list(dict.fromkeys(word for cell in cells for word in reading.many(cell)))
    return {AUDIENCE: words} if words else {}


def _languages(record: _Record) -> list[LanguageContent]:
    """Give the languages it is taught in, then those of its subtitles."""
    taught = _languages_in(record, "language", LanguageRole.TAUGHT)
    default = language(record.defaults.get("language", ""))
    if not taught and default:
        taught = [LanguageContent(default, origin=LanguageOrigin.SOURCE)]
    return taught + _languages_in(record, "subtitles", LanguageRole.SUBTITLES)


def _languages_in(record: _Record, field: str, role: LanguageRole) -> list[LanguageContent]:
    codes: dict[str, LanguageContent] = {}
    for word in (word for cell in record.cells(field) for word in _language_words(cell)):
        code = language(word)
        if code:
            codes[code] = LanguageContent(code, role)
        else:
            record.notes.add(field, "unknown-language", word)
    return list(codes.values())


def _language_words(text: str) -> list[str]:
    """Take the languages out of a cell, such as "Subtitles: French, Arabic"."""
    listed = text.rpartition(":")[2]
    words = reading.many(listed, limit=len(listed))
    pieces = [piece for word in words for piece in word.split(",")]
    return [piece.strip() for piece in pieces if piece.strip()]
