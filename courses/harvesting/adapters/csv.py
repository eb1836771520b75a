"""Tables as CSV: any headers through a mapping, any usual encoding and delimiter."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from academy.text import is_web_address
from courses.catalogue.content import LanguageContent, TextContent
from courses.catalogue.models import LanguageOrigin, LanguageRole
from courses.harvesting import dates, reading
from courses.harvesting.columns import Columns, check_columns, guess_columns
from courses.harvesting.decoding import decode, delimiter_of
from courses.harvesting.draft import LONGEST_ID, Draft, Feed, Finding, NotAFeed, Notes, Weight
from courses.harvesting.languages import language

LARGEST_CELL = 2_000_000
MOST_COLUMNS = 1_000
BEYOND = "(beyond the last column)"

Line = tuple[int, list[str] | None]
"""Where a row begins and its cells, or None when its quotes do not fit together."""


def headers(feed: Feed) -> list[str]:
    """Give the headers of the table.

    Raises NotAFeed.
    """
    return _Table(feed.content).headers


def read(feed: Feed) -> Iterator[Draft | Finding]:
    """Read one record a row, through the feed's columns or, where it has none, guessed ones.

    Raises NotAFeed before the first record is given.
    """
    table = _Table(feed.content)
    columns = feed.columns or guess_columns(table.headers)
    check_columns(columns, table.headers)
    table.check()
    for line, cells in table.rows():
        if cells is None:
            yield Finding(line, "", "broken-quotes", Weight.REJECTED)
        elif any(cell.strip() for cell in cells):
            notes = Notes(line)
            row = _row(table.headers, cells, notes)
            yield _draft(_Record(row, columns, feed.defaults, notes), feed.zone)


class _Table:
    """A table as text: read twice rather than kept, for a feed may be large."""

    def __init__(self, content: bytes) -> None:
        self._text = decode(content)
        self._delimiter, self._begin = delimiter_of(self._text)
        csv.field_size_limit(LARGEST_CELL)
        first = next(self._filled(), None)
        if first is None or first[1] is None or not 2 <= len(first[1]) <= MOST_COLUMNS:
            raise NotAFeed("not-a-table")
        self.headers = _named_apart(first[1])

    def rows(self) -> Iterator[Line]:
        """Give what stands below the headers."""
        rows = self._filled()
        next(rows)
        return rows

    def check(self) -> None:
        """Go through the whole table once.

        Raises NotAFeed when it breaks off, or when hardly any row fits together.
        """
        good, bad, last = 0, 0, None
        for last in self.rows():
            good, bad = (good, bad + 1) if last[1] is None else (good + 1, bad)
        if last and last[1] and not self._text.endswith("\n") and len(last[1]) < len(self.headers):
            raise NotAFeed("breaks-off", line=str(last[0]))
        if bad > good:
            raise NotAFeed("not-a-table")

    def _filled(self) -> Iterator[Line]:
        return (row for row in self._lines() if row[1] is None or any(map(str.strip, row[1])))

    def _lines(self) -> Iterator[Line]:
        """Read row by row. After a row with a stray quote, it goes on with the next line."""
        table = csv.reader(self._pieces(), delimiter=self._delimiter, strict=True)
        begin = 1 + self._text.count("\n", 0, self._begin)
        while True:
            line = begin + table.line_num
            try:
                yield line, next(table)
            except StopIteration:
                return
            except csv.Error as broken:
                if "end of data" in str(broken):
                    raise NotAFeed("breaks-off", line=str(line)) from None
                yield line, None

    def _pieces(self) -> Iterator[str]:
        newline = "\n" if "\n" in self._text else "\r"
        begin = self._begin
        while begin < len(self._text):
            end = self._text.find(newline, begin) + 1 or len(self._text)
            yield self._text[begin:end]
            begin = end


def _named_apart(names: Iterable[str]) -> list[str]:
    """Give every column a name of its own: two of one name would hide each other."""
    apart: list[str] = []
    for number, written in enumerate(names, 1):
        name = written.strip() or f"column {number}"
        apart.append(f"{name} ({number})" if name in apart else name)
    return apart


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
