"""The names of encodings, as answers, files and people write them, and what they really mean."""

from __future__ import annotations

import codecs
import re
from typing import Final

_OF_TEXTS = re.compile(
    r"(?:utf-?8|utf-?(?:16|32)(?:-?[lb]e)?|iso-?8859-?\d{1,2}(?:-[ei])?|latin-?\d{1,2}"
    r"|(?:windows-|cp-?|ibm-?)\d{3,4}|windows-31j|(?:x-)?mac(?:-?[a-z]{1,12})?|koi8-[rtu]"
    r"|gb-?(?:2312|k|18030)|big5(?:-hkscs)?|euc-(?:jp|kr|cn)|(?:x-|ms_)?s(?:hift)?[-_]?jis"
    r"|tis-?620|iso-2022-(?:jp|kr)|hz-gb-2312|ks_c_5601-1987|viscii|ptcp154)"
)
_IN_XML = re.compile(rb"""<\?xml[^<>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_LATIN_1 = re.compile(r"(?i)(?:iso-?8859-|latin-?)1")
_MEANT: Final = {
    # As browsers take them: what says the first is written in the second, which holds it.
    **dict.fromkeys(("iso8859-1", "latin-1"), "cp1252"),
    "iso8859-9": "cp1254",
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("euc_kr", "ks_c_5601-1987"), "cp949"),
    "shift_jis": "cp932",
    **dict.fromkeys(("tis-620", "iso8859-11"), "cp874"),
    "utf-8": "utf-8-sig",
}
_OTHERWISE: Final = {
    **dict.fromkeys(("windows-31j", "x-sjis"), "cp932"),
    "windows-874": "cp874",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "iso-8859-8-i": "iso-8859-8",
}
"""Names that are not known here, and names that are."""


def codec_of(name: str) -> str | None:
    """Give what decodes a text that is said to be in an encoding; None for names of none."""
    small = name.strip().strip("\"'").lower()
    if not _OF_TEXTS.fullmatch(small):
        return None
    try:
        known = codecs.lookup(_OTHERWISE.get(small, small)).name
    except LookupError:
        return None
    return _MEANT.get(known, known)


def said_in_xml(content: bytes) -> str:
    """Give the encoding that the beginning of an XML document declares; nothing if it does not."""
    said = _IN_XML.search(content[:400])
    return said[1].decode() if said else ""


def proves_little(name: str) -> bool:
    """Tell whether this is what servers say that were never told: Latin-1, or no encoding."""
    return codec_of(name) is None or bool(_LATIN_1.fullmatch(name.strip()))


def may_be(codec: str, content: bytes) -> bool:
    """Tell whether this is a text of several bytes a character, or of signs that turn what follows.

    Only these look like UTF-8, or like no text at all.
    """
    wide = codec.startswith(("utf-16", "utf-32")) and b"\x00" in content[:4_096]
    turning = {"iso2022": b"\x1b", "hz": b"~{"}
    return wide or any(codec.startswith(name) and sign in content for name, sign in turning.items())
