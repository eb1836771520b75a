"""What people type as a list, a line each: columns of a table, abbreviations of zones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.zones import is_zone
from courses.harvesting.reading.columns import FIELDS
from courses.harvesting.reading.zones import LONGEST_NAME, zone_named

MOST_LINES, LONGEST_HEADER = 200, 200

Wrong = dict[str, str | LazyString]


def read_columns(text: str, wrong: Wrong) -> dict[str, list[str]]:
    """Read lines such as "title = Course name"; of several for a field, the first counts first."""
    told: dict[str, list[str]] = {}
    for name, header in _pairs(text):
        if not header or len(header) > LONGEST_HEADER:
            wrong["columns"] = _l("Write one column a line, such as: title = Name of the course")
        elif name not in FIELDS:
            wrong["columns"] = _l("We have no field of this name. Those we have are listed below.")
        told.setdefault(name, []).append(header)
    if sum(map(len, told.values())) > MOST_LINES:
        wrong["columns"] = _l("These are more columns than a table can have.")
    return told


def columns_written(columns: Mapping[str, Sequence[str]]) -> str:
    """Write columns as people type them."""
    return _written((name, header) for name, headers in columns.items() for header in headers)


def read_zone_names(text: str, wrong: Wrong) -> dict[str, str]:
    """Read lines such as "CEST = Europe/Paris"."""
    told = dict(_pairs(text))
    if not all(_is_to_be_told(name) and is_zone(zone) for name, zone in told.items()):
        wrong["zone_names"] = _l("Write one abbreviation a line, such as: CEST = Europe/Paris")
    return told


def _is_to_be_told(name: str) -> bool:
    """Tell whether a name may be that of several zones, or of one that only its source knows."""
    return 0 < len(name) <= LONGEST_NAME and zone_named(name) is None


def zone_names_written(names: Mapping[str, str]) -> str:
    """Write what abbreviations mean as people type it."""
    return _written(names.items())


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in [one for one in text.splitlines() if one.strip()][: MOST_LINES + 1]:
        name, _equals, meant = (part.strip() for part in line.partition("="))
        yield name, meant


def _written(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{name} = {meant}" for name, meant in pairs)
