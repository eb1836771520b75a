"""Time zones as people choose them: those of the IANA database."""

from __future__ import annotations

from functools import cache
from importlib import resources
from zoneinfo import available_timezones


@cache
def zones() -> tuple[str, ...]:
    """List the zones people can choose: one for each place of the IANA list, by name, and UTC.

    Earlier names of a zone are left out here; whoever has one keeps it, as `is_zone` takes it.
    """
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return ("UTC", *sorted({row[2] for row in rows} & _every_zone()))


@cache
def _every_zone() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    """Tell whether this is a zone of the IANA database."""
    return name in _every_zone()
