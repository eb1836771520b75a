"""Which records a harvest has seen: numbers instead of names, so that many take little memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

MOST_REFUSED = 1_000
"""Names of refused records that are kept; further ones count as if they had none."""

MOST_REPEATED = 20_000
"""Names of repeated records that are kept; a page with further ones is read each time."""

PAGES = 1 << 16


@dataclass
class Seen:
    """The records of one harvest. Names are kept as numbers of 64 bits, prints with their page."""

    _prints: dict[int, int] = field(default_factory=dict)
    _repeats: dict[int, list[int]] = field(default_factory=dict)
    _page: int = 0
    _kept: int = 0
    _gone: set[int] = field(default_factory=set)
    _lost: set[int] = field(default_factory=set)
    unnamed: int = 0
    """Records that were refused and did not say which they are."""

    refused: list[str] = field(default_factory=list)
    """Those that did."""

    repeated: dict[str, bool] = field(default_factory=dict)
    """Those of this page that another told of before, and whether it says the same of them."""

    all_kept: bool = True
    """Whether there was room for everything that this page repeats."""

    def turn(self) -> None:
        """Go on to the next page."""
        self._page += 1
        self.repeated, self.all_kept = {}, True

    def add(self, name: str, fingerprint: str) -> bool | None:
        """Note a record: None for a new one, else whether it says what it said before."""
        number, said = _number(name), _number(fingerprint) // PAGES
        before = self._prints.get(number)
        if not before:
            self._prints[number] = said * PAGES + self._page
            return None
        same = before // PAGES == said
        if before % PAGES != self._page:
            self._keep(name, same)
        return same

    def _keep(self, name: str, same: bool) -> None:
        self.all_kept = self._kept < MOST_REPEATED
        if self.all_kept:
            self._kept += 1
            self.repeated[name] = same

    def repeat(self, name: str, page_id: int) -> None:
        """Note a record that is on a page which did not change, where another told of it."""
        number = _number(name)
        self._prints.setdefault(number, 0)
        self._repeats.setdefault(number, []).append(page_id)

    def repeating(self, name: str) -> list[int]:
        """Give the pages that are all that tells of a record: they were not read."""
        number = _number(name)
        return [] if self._prints.get(number) else self._repeats.get(number, [])

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

    def lose(self, name: str) -> None:
        """Note that the page of a record was not found."""
        self._lost.add(_number(name))

    def is_lost(self, name: str) -> bool:
        """Tell whether the page of the record was not found, nor the record anywhere else."""
        return _number(name) in self._lost and name not in self

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
