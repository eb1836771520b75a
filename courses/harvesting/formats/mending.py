"""Feeds as programs really write them: encodings wrongly declared, XML that is nearly XML."""

from __future__ import annotations

import codecs
import html
import re
from typing import Final

from courses.harvesting.reading.decoding import BYTE_ORDER_MARKS, text_of

_SAID = re.compile(rb"<\?xml[^<>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})[\"']")
_TRUSTED = re.compile(
    r"(?:iso-?8859-?\d{1,2}|windows-?125\d|cp125\d|koi8-[ru]|gb(?:2312|k|18030)|big5"
    r"|euc-(?:jp|kr|cn)|shift_jis|tis-?620|iso-2022-jp)"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&(#\d{1,7};|#x[0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,30};)?")
_KNOWN: Final = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))


def text_of_feed(content: bytes) -> str:
    """Decode as UTF-8 whatever is UTF-8, then as the feed says, else as it seems.

    Raises NotAFeed when it is no text.
    """
    marked = any(content.startswith(mark) for mark, _ in BYTE_ORDER_MARKS)
    said = _SAID.match(content.lstrip()[:200])
    name = said[1].decode().lower() if said else ""
    if not marked and _TRUSTED.fullmatch(name):
        try:
            content.decode()
        except UnicodeDecodeError:
            # What says to be Latin-1 is Windows-1252, as browsers know.
            name = "cp1252" if re.fullmatch("iso-?8859-?1", name) else name
            try:
                return content.decode(codecs.lookup(name).name)
            except (UnicodeDecodeError, LookupError):
                pass
    return text_of(content)


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
