"""Feeds as programs really write them: encodings wrongly declared, XML that is nearly XML."""

from __future__ import annotations

import html
import re
from typing import Final

from courses.harvesting.reading.charsets import said_in_xml
from courses.harvesting.reading.decoding import decoded
from courses.harvesting.reading.neighbours import Decoded

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&(#\d{1,7};|#x[0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,30};)?")
_KNOWN: Final = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))


def text_of_feed(content: bytes, charset: str = "") -> Decoded:
    """Decode as UTF-8 whatever is UTF-8, then as its answer and the feed say, else as it seems.

    Raises NotAFeed when it is no text.
    """
    return decoded(content, charset, said_in_xml(content.lstrip()))


def mended(text: str) -> str:
    """Make what is nearly XML that: ampersands, names of characters, characters that are none."""
    text, pieces, position = _CONTROL.sub(" ", text), list[str](), 0
    while position < len(text):
        begins = text.find("<![CDATA[", position)
        plain = text[position : begins if begins >= 0 else len(text)]
        pieces.append(_REFERENCE.sub(_spelled, plain))
        if begins < 0:
            break
        ends = text.find("]]>", begins)
        position = ends + 3 if ends >= 0 else len(text)
        pieces.append(text[begins:position])
    return "".join(pieces)


def _spelled(found: re.Match[str]) -> str:
    name = found[1] or ""
    if name in _KNOWN:
        return found[0]
    character = html.unescape(f"&{name}") if name else "&"
    return html.escape(_CONTROL.sub(" ", character)) if name[:1] == "#" else html.escape(character)
