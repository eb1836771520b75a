"""Which records a harvest has seen: numbers instead of names, so that many take little memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

MOST_REFUSED = 1_000
"""Names of refused records that are kept; further ones count as if they had none."""


@dataclass
class Seen:
    """The records of one harvest. Names and prints are kept as numbers of 64 bits."""

    _prints: dict[int, int] = field(default_factory=dict)
    _gone: set[int] = field(default_factory=set)
    unnamed: int = 0
    """Records that were refused and did not say which they are."""

    refused: list[str] = field(default_factory=list)
    """Those that did."""

    def add(self, name: str, fingerprint: str) -> bool | None:
        """Note a record: None for a new one, else whether it says what it said before."""
        number, said = _number(name), _number(fingerprint)
        before = self._prints.get(number)
        if not before:
            self._prints[number] = said
            return None
        return before == said

    def note(self, name: str) -> None:
        """Note that a record was there, although it was refused."""
        self._prints.setdefault(_number(name), 0)
        if len(self.refused) < MOST_REFUSED:
            self.refused.append(name)
        else:
            self.unnamed += 1

    def gone(self, name: str) -> None:
        """Note that the source says of a record that it is deleted."""
        self._gone.add(_number(name))

    def __contains__(self, name: str) -> bool:
        """Tell whether the record was there."""
        return _number(name) in self._prints

    def __len__(self) -> int:
        """Count the records that were told of."""
        return len(self._prints.keys() | self._gone)

    def is_gone(self, name: str) -> bool:
        """Tell whether the record was said to be deleted, and nowhere to be there."""
        return _number(name) in self._gone and name not in self


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
