"""Under which name an offer leaves: one that is the same wherever it is told of.

What is unique everywhere - an address, a urn, a UUID - is kept as it came. What a source counts
for itself ("17") is not: such offers, and our own, are named after their page at this academy.
"""

from __future__ import annotations

import re
from uuid import NAMESPACE_URL, uuid5

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_EVERYWHERE = re.compile(r"(?:https?://|urn:|oai:|doi:)\S+", re.IGNORECASE)


def is_unique_everywhere(name: str) -> bool:
    """Tell whether nobody else can have given this name to something else."""
    return bool(_UUID.fullmatch(name) or _EVERYWHERE.fullmatch(name))


def name_of(theirs: str | None, page: str) -> str:
    """Give the name of an offer: that of its record, where it is unique, else its page here."""
    return theirs if theirs and is_unique_everywhere(theirs) else page


def uuid_of(name: str) -> str:
    """Give the name as a UUID, which it perhaps is."""
    return name if _UUID.fullmatch(name) else str(uuid5(NAMESPACE_URL, name))
