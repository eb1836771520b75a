"""What was found, kept for whoever asks again; when it is too much, all of it is forgotten."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

MORE = 100
"""What an entry weighs besides: there may be many of nothing."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Remembers as much as weighs no more than it may."""

    def __init__(self, most: int) -> None:
        self._most, self._weight = most, 0
        self._found: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """Give what was kept."""
        return self._found.get(key)

    def keep(self, key: K, found: V, weight: int) -> None:
        """Keep what was found."""
        if self._weight + weight > self._most:
            self._found, self._weight = {}, 0
        self._found[key] = found
        self._weight += weight + MORE
