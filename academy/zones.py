"""Time zones as people choose them: those of the IANA database."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones


@cache
def zones() -> tuple[str, ...]:
    """List the zones people can choose: those of places, by name, and UTC."""
    found = sorted(name for name in available_timezones() if "/" in name)
    return ("UTC", *(name for name in found if not name.startswith(("Etc/", "posix/", "right/"))))


@cache
def _every_zone() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    """Tell whether this is a zone of the IANA database."""
    return name in _every_zone()
