"""Files as large as may come, made of one part over and over."""

from __future__ import annotations

from collections.abc import Callable, Iterable

LARGEST = 10_000_000
"""Bytes of an answer that the guarded door lets in."""

ROOM = [9_900_000]
"""Bytes that are filled, as its one member: smaller files show the same traps sooner."""

Make = Callable[[], bytes]


def filled(before: str, part: str, after: str = "") -> bytes:
    """Repeat a part as often as it fits; a number in it, written as #, is never the same."""
    count = (ROOM[0] - len(before) - len(after)) // len(part.encode())
    if "#" in part:
        count = (ROOM[0] - len(before) - len(after)) // (len(part.encode()) + 6 * part.count("#"))
        return (before + "".join(_numbered(part, count)) + after).encode()
    return (before + part * count + after).encode()


def _numbered(part: str, count: int) -> Iterable[str]:
    return (part.replace("#", f"{number:07}") for number in range(count))
