"""What a row of a table means, whichever file the table came in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from academy.text import is_web_address
from courses.catalogue.content import LanguageContent, TextContent
from courses.catalogue.texts import LanguageOrigin, LanguageRole
from courses.harvesting.draft import AUDIENCE, LONGEST_ID, Draft, Feed, Notes, Weight
from courses.harvesting.reading import dates
from courses.harvesting.reading import values as reading
from courses.harvesting.reading.columns import Columns
from courses.harvesting.reading.days import in_our_digits
from courses.harvesting.reading.languages import language
from courses.harvesting.reading.orders import Orders

NO_ORDERS: Orders = {}
BEYOND = "(beyond the last column)"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY_NUMBER = re.compile(r"[3-7]\d{4}(?:\.\d{1,15})?")
FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - a day of a calendar without zones
"""The day from which spreadsheets count, such that all since March 1900 come out right."""

_HOURS = re.compile(
    r"(\d{1,2})[:h.](\d{2})(?::\d{2})?(?:\s*[-\u2013\u2014]\s*(\d{1,2})[:h.](\d{2}))?"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row, seen through the columns."""

    told: Mapping[str, str]
    columns: Columns
    defaults: Mapping[str, str]
    notes: Notes
    orders: Orders
    """Which comes first in the columns of days."""

    def cells(self, field: str) -> list[str]:
        """Give what the columns of a field say."""
        texts = (reading.said(self.told.get(name, "")) for name in self.columns.get(field, ()))
        return [text for text in texts if text]

    def cell(self, field: str) -> str:
        """Give what the first of them says that says anything, else the default of the source."""
        return next(iter(self.cells(field)), self.defaults.get(field, ""))

    def moment(self, field: str) -> str:
        """Give a cell with days that are written as 2026-03-04, where their order is known."""
        for name in self.columns.get(field, ()):
            if text := reading.said(self.told.get(name, "")):
                return self.orders[name].told(text) if name in self.orders else text
        return self.defaults.get(field, "")


def row_of(
    names: Sequence[str],
    cells: Sequence[str],
    columns: Columns,
    feed: Feed,
    line: int,
    orders: Orders = NO_ORDERS,
) -> Row:
    """Make a row of the cells below these headers; what stands beside them is kept apart."""
    notes = Notes(line)
    told = dict.fromkeys(names, "") | dict(zip(names, cells, strict=False))
    beyond = [cell for cell in cells[len(names) :] if cell.strip()]
    if beyond:
        told[BEYOND] = "\n".join(beyond)
        notes.add("", "too-many-cells", " ".join(beyond))
    if any("\ufffd" in cell for cell in cells):
        notes.add("", "unreadable-characters")
    return Row(told, columns, feed.defaults, notes, orders)


def draft_of(row: Row, zone: str) -> Draft:
    """Say what a row means; hours that name no zone are in `zone`."""
    notes = row.notes
    address, provider = reading.address(row.cell("url"), notes), _provider(row)
    read_by = dates.clock(row.cell("zone"), zone, notes, row.defaults)
    languages = _languages(row)
    return Draft(
        external_id=_external_id(row, address),
        line=notes.line,
        payload=row.told,
        kind=reading.kind(row.cell("kind")),
        texts=[_text(row, languages)],
        languages=languages,
        words=_words(row),
        codes=_audience(row),
        provider=provider or None,
        address=address,
        runs=[dates.run_between(*_from_and_to(row), read_by)],
        delivery=reading.delivery(row.cell("mode")),
        level=reading.level(row.cell("level")),
        cost=reading.cost(row.cell("cost")),
        workload=reading.workload(row.cell("workload"), notes),
        licence=reading.licence(row.cell("licence")),
        findings=notes.found,
    )


def _text(row: Row, languages: Sequence[LanguageContent]) -> TextContent:
    return TextContent(
        next((one.code for one in languages if one.role is LanguageRole.TAUGHT), ""),
        reading.prose(row.cell("title")),
        reading.prose(row.cell("summary")) or None,
        reading.prose(row.cell("description")),
    )


def _from_and_to(row: Row) -> tuple[str, str]:
    """Give the first and the last moment, with the hours where they stand in a column of theirs."""
    start, end = _day(row, "start"), _day(row, "end")
    hours = _HOURS.match(row.cell("hours"))
    if hours is None or not _DAY.fullmatch(start):
        return start, end
    begin, until = (
        f"{int(h):02}:{m}" if h else "" for h, m in (hours.group(1, 2), hours.group(3, 4))
    )
    if until and (not end or _DAY.fullmatch(end)):
        end = f"{end or start}T{until}"
    return f"{start}T{begin}", end


def _day(row: Row, field: str) -> str:
    """Give a moment as it is written, but for days that spreadsheets wrote as their numbers."""
    written = row.moment(field)
    number = in_our_digits(written)
    if not _DAY_NUMBER.fullmatch(number):
        return written
    moment = FIRST_DAY + timedelta(minutes=round(float(number) * 24 * 60))
    row.notes.add("start", "date-as-number", written, Weight.REPAIRED)
    return moment.isoformat().removesuffix("T00:00:00")


def _provider(row: Row) -> str:
    provider = row.cell("provider")
    if not is_web_address(provider):
        return provider
    row.notes.add("provider", "address-for-a-name", provider, Weight.REPAIRED)
    return ""


def _external_id(row: Row, address: str | None) -> str:
    """Give the partner's identifier, else the address, else a digest of what the record says."""
    own = next(iter(row.cells("id")), address or "")
    if own and (own != address or len(own) <= LONGEST_ID):
        return own
    row.notes.add("id", "no-own-id")
    parts = "\x1f".join(row.cell(field) for field in ("title", "url", "provider", "start"))
    return "sha256:" + hashlib.sha256(parts.encode()).hexdigest()[:32]


def _words(row: Row) -> list[str]:
    """Give the words that may mean one of our terms, each once."""
    cells = [cell for field in ("subjects", "kind", "mode") for cell in row.cells(field)]
    words = (
        word for cell in cells for word in reading.many(cell) if not reading.is_yes_or_no(cell)
    )
    return list(dict.fromkeys(words))


def _audience(row: Row) -> dict[str, list[str]]:
    """Give the words that say for whom it is; nothing at all where none do."""
    cells = row.cells("audience") or [row.cell("audience")]
    words = list(dict.fromkeys(word for cell in cells for word in reading.many(cell)))
    return {AUDIENCE: words} if words else {}


def _languages(row: Row) -> list[LanguageContent]:
    """Give the languages it is taught in, then those of its subtitles."""
    taught = _languages_in(row, "language", LanguageRole.TAUGHT)
    default = language(row.defaults.get("language", ""))
    if not taught and default:
        taught = [LanguageContent(default, origin=LanguageOrigin.SOURCE)]
    return taught + _languages_in(row, "subtitles", LanguageRole.SUBTITLES)


def _languages_in(row: Row, field: str, role: LanguageRole) -> list[LanguageContent]:
    codes: dict[str, LanguageContent] = {}
    for word in (word for cell in row.cells(field) for word in _language_words(cell)):
        code = language(word)
        if code:
            codes[code] = LanguageContent(code, role)
        else:
            row.notes.add(field, "unknown-language", word)
    return list(codes.values())


def _language_words(text: str) -> list[str]:
    """Take the languages out of a cell, such as "Subtitles: French, Arabic"."""
    listed = text.rpartition(":")[2]
    words = reading.many(listed, limit=len(listed))
    pieces = [piece for word in words for piece in word.split(",")]
    return [piece.strip() for piece in pieces if piece.strip()]
