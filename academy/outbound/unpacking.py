"""Packed content, unpacked piece by piece: a bomb is noticed before it goes off."""

from __future__ import annotations

import zlib

from academy.outbound.refusals import BadAnswer, Why

GZIP = b"\x1f\x8b"
ACCEPTED = "gzip, deflate"
CODINGS = frozenset(("", "identity", "gzip", "x-gzip", "deflate"))
MOST_PARTS = 1_000
"""How many packed parts may follow each other: a million empty ones would take long."""

AT_ONCE = 65_536
_GZIPPED, _WRAPPED, _RAW = zlib.MAX_WBITS | 16, zlib.MAX_WBITS, -zlib.MAX_WBITS


class Unpacker:
    """Takes content as it arrives and gives it whole; never holds more than `most` bytes."""

    def __init__(self, coding: str, *, most: int) -> None:
        if coding not in CODINGS:
            raise BadAnswer(Why.CODING)
        self._plain = coding in {"", "identity"}
        self._deflate = coding == "deflate"
        self._engine: zlib._Decompress | None = None
        self._over = False
        self._parts = 0
        self._most = most
        self._content = bytearray()

    def add(self, packed: bytes) -> None:
        """Unpack a piece. Raises BadAnswer when it is damaged or there is too much in it."""
        if self._plain:
            self._keep(packed)
            return
        while packed and not self._over:
            packed = self._unpack(packed)

    def whole(self) -> bytes:
        """Give everything. Raises BadAnswer when the end is missing."""
        if self._engine is not None and not self._engine.eof:
            raise BadAnswer(Why.LENGTH)
        return bytes(self._content)

    def _unpack(self, packed: bytes) -> bytes:
        """Unpack up to the end of a piece or of a part; give what is left of the piece."""
        if self._engine is None or self._engine.eof:
            # Some servers send several packed parts in a row; others leave rubbish behind one.
            if self._engine is not None and (self._deflate or not GZIP.startswith(packed[:2])):
                self._over = True
                return b""
            self._engine = zlib.decompressobj(self._kind(packed))
            self._parts += 1
        if self._parts > MOST_PARTS:
            raise BadAnswer(Why.CODING)
        try:
            self._keep(self._engine.decompress(packed, self._most - len(self._content) + 1))
        except zlib.error:
            raise BadAnswer(Why.CODING) from None
        return self._engine.unused_data if self._engine.eof else self._engine.unconsumed_tail

    def _kind(self, packed: bytes) -> int:
        """Tell the two things that servers call deflate from each other, by the first bytes."""
        if not self._deflate:
            return _GZIPPED
        wrapped = packed[0] & 15 == 8 and int.from_bytes(packed[:2]) % 31 == 0
        return _WRAPPED if wrapped else _RAW

    def _keep(self, content: bytes) -> None:
        self._content += content
        if len(self._content) > self._most:
            raise BadAnswer(Why.LARGE)


def unpacked(content: bytes, *, most: int) -> bytes:
    """Unpack a file that is gzip in itself (sitemap.xml.gz); any other is given as it is.

    Raises BadAnswer when it is damaged, or more than `most` bytes.
    """
    unpacker = Unpacker("gzip" if content.startswith(GZIP) else "", most=most)
    for begin in range(0, len(content), AT_ONCE):
        unpacker.add(content[begin : begin + AT_ONCE])
    return unpacker.whole()
