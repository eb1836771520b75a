"""Text as spelling and suggestions see it: folded words with one space between any two.

No dictionary breaks words here: a title is plain in microseconds, and the first letters of a word
stay its first letters whatever is typed after them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from academy.text import fold

_WORD = re.compile("[^ ]+")


class _Gaps(dict[int, str]):
    """Maps what is neither letter, mark nor digit to a space, as characters come along."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        self[point] = character if unicodedata.category(character)[0] in "LMN" else " "
        return self[point]


_gaps = _Gaps()


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Tell where each word of a text begins and ends."""
    return (found.span() for found in _WORD.finditer(text.translate(_gaps)))


def apart(text: str) -> list[str]:
    """Give the words of a text as they are written."""
    return text.translate(_gaps).split()


def plain(text: str) -> str:
    """Give the folded words of a text, with one space between any two."""
    return " ".join(apart(fold(text)))
