"""What people may be about to type: titles, terms and institutions by the letters typed so far.

A text is found by how any of its words begins, and by how it goes on from there. All texts lie in
one row of bytes, with a sorted list of the places where a word begins: a hundred thousand titles
take a few megabytes, and a look takes microseconds.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from academy.i18n import DEFAULT
from courses.search.engine import Suggestion
from courses.search.guiding.plain_words import plain

MOST = {"issue": 2, "methodology": 2, "institution": 2}
"""How many suggestions of a kind are given at most; titles fill the list."""

NAMED_IN_MANY = frozenset(("issue", "methodology"))
"""Kinds with names in so many languages that some word of them begins like anything."""

THIRD, FARTHEST = 4, 5
"""Where entries in a third language stand: those that begin as typed, and those that go on so."""

SORTED_BY = 24
"""How many bytes from the beginning of a word places are sorted by."""

LOOKED_AT = 200
"""How many of the texts that go on as typed are compared with each other, the first ones."""

_BEGINS = re.compile("(?<![^ ])[^ ]|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff]")
"""Where a word begins; in scripts written without spaces that may be anywhere."""

Places = NDArray[np.int64]


class Entry(NamedTuple):
    """A text and its language; those with the same code are names of the same."""

    text: str
    language: str
    code: str = ""


class Suggestions:
    """Finds entries, kind after kind; within one, those given first are preferred."""

    def __init__(self, entries: Mapping[str, Sequence[Entry]]) -> None:
        self._shelves = {kind: _Shelf(found) for kind, found in entries.items() if found}
        self._named = NAMED_IN_MANY & self._shelves.keys()

    def find(self, typed: str, language: str, *, number: int) -> list[Suggestion]:
        """Suggest what goes on as typed, in the reader's language first."""
        beginning, found = plain(typed).encode(), dict[str, Suggestion]()
        if not beginning:
            return []
        placed = {kind: one.placed(beginning, language) for kind, one in self._shelves.items()}
        # A term in a third language helps where none in the reader's goes on as typed.
        known = any(np.any(placed[kind] < self._shelves[kind].at(THIRD)) for kind in self._named)
        for kind, shelf in self._shelves.items():
            most = min(number, len(found) + MOST.get(kind, number))
            before = (THIRD if known else FARTHEST) if kind in NAMED_IN_MANY else None
            for text, written_in, code in shelf.entries(placed[kind], before=before):
                if len(found) >= most:
                    break
                # A term has many names, and one title may be that of many offers.
                once = f"{kind}={code}" if code else plain(text)
                found.setdefault(once, Suggestion(text, kind, code, written_in))
        return list(found.values())


class _Row:
    """Many texts in one row of bytes."""

    def __init__(self, texts: Iterable[str]) -> None:
        told = [text.encode() for text in texts]
        self.bytes = b"\n".join(told) + b"\n"
        self.ends = np.cumsum([len(text) + 1 for text in told])

    def __getitem__(self, number: int) -> str:
        start = self.ends[number - 1] if number else 0
        return self.bytes[start : self.ends[number] - 1].decode()


class _Shelf:
    """The entries of one kind."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._written = _Row(entry.text.replace("\n", " ") for entry in entries)
        self._plain = _Row(plain(entry.text) for entry in entries)
        self._codes = [entry.code for entry in entries]
        self._languages = sorted({entry.language for entry in entries})
        numbered = {language: number for number, language in enumerate(self._languages)}
        self._written_in = np.array([numbered[entry.language] for entry in entries], np.uint16)
        self._places = _sorted(self._plain)

    def at(self, place: int) -> int:
        """Tell where the entries that stand at a place begin."""
        return place * len(self._codes)

    def placed(self, beginning: bytes, language: str) -> Places:
        """Place the entries with such a beginning: the reader's language and English go first."""
        places = self._with(beginning)
        numbers = np.searchsorted(self._plain.ends, places, side="right")
        within = (places > 0) & (places != self._plain.ends[numbers - 1])
        away = np.array(
            [(one != language) + (one not in {language, DEFAULT}) for one in self._languages]
        )
        order: Places = self.at(1) * (2 * away[self._written_in[numbers]] + within) + numbers
        return order

    def entries(self, order: Places, *, before: int | None) -> Iterator[Entry]:
        """Give the first of the entries that were placed, those before a place alone."""
        if before is not None:
            order = order[order < self.at(before)]
        if len(order) > LOOKED_AT:
            order = np.partition(order, LOOKED_AT)[:LOOKED_AT]
        for number in (np.sort(order) % len(self._codes)).tolist():
            written_in = self._languages[self._written_in[number]]
            yield Entry(self._written[number], written_in, self._codes[number])

    def _with(self, beginning: bytes) -> Places:
        texts, first = self._plain.bytes, beginning[:SORTED_BY]

        def begins(place: int) -> bytes:
            return texts[place : place + len(first)]

        start = bisect_left(self._places, first, key=begins)
        end = bisect_right(self._places, first, lo=start, key=begins)
        found = self._places[start:end]
        if len(beginning) <= SORTED_BY:
            return found.astype(np.int64)
        longer = [place for place in found.tolist() if texts.startswith(beginning, place)]
        return np.array(longer, np.int64)


def _word_places(text: str) -> Iterator[int]:
    """Tell how many bytes stand before each word."""
    single = text.isascii()
    for one in _BEGINS.finditer(text):
        yield one.start() if single else len(text[: one.start()].encode())


def _sorted(row: _Row) -> NDArray[np.uint32]:
    """List the places where a word begins, in the order of what follows."""
    begins: list[int] = []
    for number, end in enumerate(row.ends.tolist()):
        text = row[number]
        start = end - 1 - len(text.encode())
        begins += (start + place for place in _word_places(text))
    places = np.array(begins, np.uint32)
    padded = np.frombuffer(row.bytes + b"\n" * SORTED_BY, np.uint8)
    windows = np.lib.stride_tricks.sliding_window_view(padded, SORTED_BY)[places]
    return places[np.argsort(windows.copy().view(f"S{SORTED_BY}").ravel(), kind="stable")]
