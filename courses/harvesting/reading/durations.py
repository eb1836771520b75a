"""Durations as programs write them (ISO 8601), spelled for people in signs of every language."""

from __future__ import annotations

import re

_DURATION = re.compile(
    r"P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,4})D)?"
    r"(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})(?:\.\d+)?S)?)?"
)
_WRITTEN_AS_ONE = re.compile(r"P[\dT][\dYMWDTHS.]*")


def spelled(text: str) -> str:
    """Spell a duration such as PT1H30M as "1 h 30 min"; other words stay as they are.

    Empty for what counts months or years, which have no sign, and for nothing at all (PT0S).
    """
    written = text.strip()
    found = _DURATION.fullmatch(written)
    if found is None or written == "PT":
        return "" if _WRITTEN_AS_ONE.fullmatch(written) else text
    years, months, weeks, days, hours, minutes, seconds = (int(n or 0) for n in found.groups())
    if years or months:
        return ""
    minutes += round(seconds / 60)
    signs = ((7 * weeks + days, "d"), (hours + minutes // 60, "h"), (minutes % 60, "min"))
    return " ".join(f"{count} {sign}" for count, sign in signs if count)
