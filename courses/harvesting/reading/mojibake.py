"""Texts that were read in the wrong encoding once or twice: UTF-8 taken for Windows-1252."""

from __future__ import annotations

import re

_BYTES = {chr(byte): byte for byte in range(0x80, 0x100)}
_BYTES |= {
    bytes([byte]).decode("cp1252"): byte
    for byte in range(0x80, 0xA0)
    if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_CONTINUED = "".join(char for char, byte in _BYTES.items() if byte < 0xC0)
# The first bytes of the letters that texts are really written in: Latin, Greek, Cyrillic, Hebrew,
# Arabic; and of three and four bytes, signs, the scripts of Asia, pictures.
_MISREAD = re.compile(
    f"(?:[ÂÃÄÅËÎÏÐÑ×ØÙÚÛ]|[à-ï][{_CONTINUED}]|ð[{_CONTINUED}]{{2}})[{_CONTINUED}]"
)
_LETTER = re.compile("[À-ÖØ-öø-ÿ]")
_AFTER_CAPITALS = frozenset("…–—‘’“”»«›‹•„‚\u00a0°®™²³")
"""What may follow a capital with an accent in a text that was read rightly, as in AMANHÃ…"""

TWICE = 2


def mended(text: str) -> str:
    """Read a text as it was meant, where it plainly was misread; any other is left as it is."""
    for _time in range(TWICE):
        if text.isascii() or not _is_misread(text):
            break
        text = _MISREAD.sub(_meant, text)
    return text


def _is_misread(text: str) -> bool:
    found = [match for match in _MISREAD.finditer(text) if _meant(match) != match[0]]
    plain = sum(not _may_be_meant(text, match) for match in found)
    # Letters with accents that stand for themselves speak for a text that was read rightly.
    right = len(_LETTER.findall(text)) - sum(len(_LETTER.findall(one[0])) for one in found)
    return plain > right


def _meant(match: re.Match[str]) -> str:
    try:
        return bytes(_BYTES[char] for char in match[0]).decode()
    except UnicodeDecodeError:
        return match[0]


def _may_be_meant(text: str, match: re.Match[str]) -> bool:
    """Tell whether the two characters may stand beside each other in a text that is right."""
    if len(match[0]) > len("Ã©") or match[0][1] not in _AFTER_CAPITALS:
        return False
    before = text[match.start() - 1 : match.start()]
    # Of these two, no word is made that stands alone.
    return before.isupper() or (match[0][0] not in "ÂÃ" and not before.islower())
