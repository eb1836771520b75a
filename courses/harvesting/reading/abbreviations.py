"""Abbreviations of time zones, such as CEST: several zones share one, so each is asked about."""

from __future__ import annotations

import re
from typing import Final

UNIVERSAL: Final = frozenset(("UTC", "GMT", "UT", "UCT", "Z"))
_HALVES: Final = frozenset(("AM", "PM"))
_ABBREVIATION = re.compile(r"[A-Z]{3,5}")
_AT_THE_END = re.compile(r"(?<=[\d\s])\(?([A-Z]{2,5})\)?\s*$")
_HOUR = re.compile(r"\d[:h.]?\d\d")


def is_ambiguous(name: str) -> bool:
    """Tell whether this is an abbreviation, such as CEST: it may stand for several zones."""
    return bool(_ABBREVIATION.fullmatch(name)) and name not in UNIVERSAL


def abbreviation_in(text: str) -> str:
    """Give the abbreviation of a zone in which a moment ends; nothing where it says one clearly."""
    found = _AT_THE_END.search(text[-20:])
    if found is None or found[1] in UNIVERSAL | _HALVES or not _HOUR.search(text):
        return ""
    return found[1]
