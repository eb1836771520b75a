"""The names of licences: the many spellings of Creative Commons are one, the SPDX name.

https://spdx.org/licenses/: what is none of these stays as it was written.
"""

from __future__ import annotations

import re

from academy.text import clean_line, is_web_address

LONGEST = 200
PROPRIETARY = "proprietary"
"""All rights reserved: the name that MOOChub gives it, for SPDX has none."""

SUGGESTED = (
    *("CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0"),
    *("CC-BY-NC-ND-4.0", "CC0-1.0", PROPRIETARY),
)
"""What people choose from; any other name, address or words will do, too."""

_SITE = r"https?://(?:www\.)?creativecommons\.org"
_LICENCE_PAGE = re.compile(
    _SITE
    + r"/licen[sc]es/(by(?:-[a-z]{2}){0,2})/(\d\.\d)(?:/(igo))?(?:/(?:deed|legalcode)[\w.]*)?/?"
    r"(?![\w/-])",
    re.IGNORECASE,
)
_ZERO_PAGE = re.compile(_SITE + r"/publicdomain/zero/1\.0\b", re.IGNORECASE)
_MARK_PAGE = re.compile(_SITE + r"/publicdomain/mark/1\.0\b", re.IGNORECASE)
_SPDX_PAGE = re.compile(r"https?://spdx\.org/licenses/([\w.+-]+?)(?:\.html|\.json)?", re.IGNORECASE)
_CONDITIONS = r"((?:[ _/-]?(?:nc|sa|nd)\b){0,2})"
_SHORT = re.compile(
    r"\bcc[ _-]?by" + _CONDITIONS + r"[ _-]?v?(\d\.\d)(?:[ _-](igo))?\b", re.IGNORECASE
)
_ZERO = re.compile(r"\bcc[ _-]?(?:0|zero)(?:[ _-]?(?:v?1\.0))?\b", re.IGNORECASE)
_LONG = re.compile(
    r"creative commons:?\s+(?:license:?\s+)?attribution"
    r"((?:[\s,_/-]{1,3}(?:non-?commercial|share-?alike|no-?deriv(?:ative|ate)?(?:\s?work)?s?)){0,2})[\s,_-]{1,3}(?:v(?:ersion)?\s?)?(\d\.\d)"
    r"(?:\s+(igo))?",
    re.IGNORECASE,
)
_RESERVED = re.compile(r"(?:all rights reserved\.?|proprietary|copyrighted|closed)", re.IGNORECASE)
_SIGNS = (("nc", "nc", "noncommercial"), ("sa", "sa", "sharealike"), ("nd", "nd", "noderiv"))
_NAMED = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-(\d\.\d)(-IGO)?")
_PUBLIC = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-PDM-1.0": "https://creativecommons.org/publicdomain/mark/1.0/",
}


def licence(text: str) -> str:
    """Give the SPDX name of a licence where it has one, else the text as it was written.

    Empty for nothing, and for an address that is too long to be kept.
    """
    line = clean_line(text, limit=LONGEST + 1)
    named = named_in(line) if len(line) <= LONGEST else ""
    page = _SPDX_PAGE.fullmatch(line)
    if named or page:
        return named or (page[1] if page else "")
    if _RESERVED.fullmatch(line):
        return PROPRIETARY
    return "" if len(line) > LONGEST and line.startswith("http") else line[:LONGEST]


def named_in(text: str) -> str:
    """Give the SPDX name of the Creative Commons licence that a text names; empty for none.

    For texts that say more, such as "(c) River School, CC BY 4.0". A port to the law of one
    country has no such name, but for that of intergovernmental organisations.
    """
    text = text[:2_000]
    if found := _LICENCE_PAGE.search(text):
        return _name(found[1][2:].lower().split("-"), found[2], found[3])
    if _ZERO_PAGE.search(text) or (_ZERO.search(text) and not _SHORT.search(text)):
        return "CC0-1.0"
    if _MARK_PAGE.search(text):
        return "CC-PDM-1.0"
    said = _SHORT.search(text) or _LONG.search(text)
    if said is None:
        return ""
    folded = re.sub(r"[^a-z]+", "", said[1].lower())
    signs = [sign for sign, short, long in _SIGNS if long in folded or short in _pairs(folded)]
    return _name(signs, said[2], said[3])


def address_of(name: str) -> str | None:
    """Give where a licence can be read; None where the name does not tell."""
    if name in _PUBLIC:
        return _PUBLIC[name]
    if found := _NAMED.fullmatch(name):
        tail = "igo/" if found[3] else ""
        return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/{tail}"
    return name if is_web_address(name) else None


def _pairs(folded: str) -> set[str]:
    """Take letters apart by two: "ncsa" is nc and sa."""
    return {folded[at : at + 2] for at in range(0, len(folded), 2)} if len(folded) <= 4 else set()


def _name(signs: list[str], version: str, port: str | None) -> str:
    kept = [sign for sign, *_rest in _SIGNS if sign in signs]
    parts = ["CC", "BY", *(sign.upper() for sign in kept), version, *(["IGO"] if port else [])]
    return "-".join(parts)
