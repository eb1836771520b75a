"""Text from outside made fit: folded, shortened, made into an address, cleaned of hostile HTML."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache

import icu
import nh3
from werkzeug.urls import iri_to_uri

ALLOWED_TAGS = frozenset(
    ("p", "br", "ul", "ol", "li", "h3", "h4", "strong", "em", "b", "i", "a", "blockquote")
)
ALLOWED_SCHEMES = frozenset(("http", "https", "mailto"))
DROPPED_WITH_CONTENT = frozenset(("script", "style", "template", "noscript", "iframe", "object"))

LONGEST = 100_000
"""Characters that are read of any text: the time to parse markup may grow with their square."""

_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_TURNS = "\u202a-\u202e\u2066-\u2069"
_TURNING = re.compile(f"[{_TURNS}]")
# A text from right to left keeps the marks that say where its signs stand.
_UNMARKED = re.compile(f"[\u00ad\u200b\u2060\ufeff{_TURNS}]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# Control characters, halves of characters, and what XML cannot hold.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"\s+")
# A tag ends before the next begins: looking further would take hours on a megabyte of "<a<a<a".
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>|&[a-zA-Z#0-9]{1,32};")
_WEB_ADDRESS = re.compile(r"(?i:https?)://[^\s/@\\?#<>\"']+(?:[/?#][^\s\\<>\"]*)?")
_BLOCK_END = re.compile(r"<(?:/p|/li|/h\d|/div|br|/tr|/td)\b[^<>]*>", re.IGNORECASE)
_BETWEEN_TAGS = re.compile(r"[^<>]+")
_LEADS_OUT = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_EMPTY_LINE = re.compile(r"\n\s*\n")
_BLOCK = re.compile(r"<(?:p|ul|ol|li|h3|h4|blockquote)\b")
_ROUNDS = 5


_LATIN = {"ı": "i", "İ": "i", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe"}
_CYRILLIC_AND_SIGNS = {"ё": "е", "Ё": "е", "’": "'", "ʼ": "'"}
_ARABIC = {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"}
_PERSIAN = {"ی": "ي", "ک": "ك", "ۀ": "ه"}
_READ_ALIKE = _LATIN | _CYRILLIC_AND_SIGNS | _ARABIC | _PERSIAN
_BASIC = range(0x10000)
# Letters as fonts of old had them: ligatures, letters by their place in a word, wide and narrow.
_SHAPED = (*range(0xFB00, 0xFE00), *range(0xFE70, 0xFEFF), *range(0xFF00, 0xFFF0))
# Thai and Lao "am" in two characters, with or without a tone between them, and in one.
_AM_IN_TWO = re.compile("(?:\u0e4d([\u0e48-\u0e4b]?)\u0e32|\u0ecd([\u0ec8-\u0ecb]?)\u0eb2)")
_LEFT_OUT = (
    *map(chr, range(0x300, 0x370)),
    *"\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670\u0640",
)


# Joiners, variation selectors and the like: they shape letters, and make no other word.
_INVISIBLE_POINTS = frozenset(
    point
    for point in (*_BASIC, *range(0xE0100, 0xE01F0))
    if unicodedata.category(chr(point)) == "Cf"
    or 0xFE00 <= point < 0xFE10
    or 0x180B <= point < 0x1810
    or point >= 0xE0100
)


def is_invisible(char: str) -> bool:
    """Tell whether a character is one that nobody sees, and that makes no other word."""
    return ord(char) in _INVISIBLE_POINTS


@cache
def _folding() -> dict[int, str | None]:
    """Map letters to what they are compared as: accents off, Arabic and Turkish variants merged.

    Only marks that readers leave out are dropped; vowel signs of Thai and Indic scripts stay.
    Digits of every script are the ASCII ones; marks that nobody sees are dropped.
    """
    table: dict[int, str | None] = {}
    latin_and_greek = (*range(0xC0, 0x250), *range(0x386, 0x3D0), *range(0x1E00, 0x2000))
    for point in latin_and_greek:
        parts = unicodedata.normalize("NFKD", chr(point))
        base = "".join(part for part in parts if not unicodedata.combining(part)).casefold()
        if base and base != chr(point):
            table[point] = base
    table.update({ord(mark): None for mark in _LEFT_OUT})
    for char in map(chr, _BASIC):
        if unicodedata.category(char) == "Nd":
            table[ord(char)] = str(unicodedata.decimal(char))
    for char in map(chr, _SHAPED):
        if unicodedata.category(char)[0] in "LN":
            table[ord(char)] = unicodedata.normalize("NFKC", char).strip()
    table.update({point: None for point in _INVISIBLE_POINTS})
    table.update({ord(character): alike for character, alike in _READ_ALIKE.items()})
    return table


def fold(text: str) -> str:
    """Give the form in which texts are compared: composed, caseless, without accents."""
    if text.isascii():
        return text.lower()
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    if "\u0e4d" in composed or "\u0ecd" in composed:
        composed = _AM_IN_TWO.sub(_am_in_one, composed)
    folded = composed.translate(_folding()).casefold()
    if folded.isascii():
        return folded
    folded = folded.translate(_folding())
    return unicodedata.normalize("NFC", folded)


def _am_in_one(found: re.Match[str]) -> str:
    thai, lao = found.groups()
    return f"{lao}\u0eb3" if thai is None else f"{thai}\u0e33"


def fold_phrase(text: str) -> str:
    """Fold a phrase and make every run of spaces, hyphens and underscores one space."""
    return re.sub(r"[\s\-_]+", " ", fold(text)).strip()


@cache
def _to_ascii() -> icu.Transliterator:
    return icu.Transliterator.createInstance("Any-Latin; Latin-ASCII; Lower()")


def slug(text: str, *, limit: int = 80) -> str:
    """Make an address of a title in any script: ASCII letters, digits and hyphens.

    At most `limit` characters; "untitled" when nothing in the text can be written that way.
    """
    latin = str(_to_ascii().transliterate(text))
    words = re.sub(r"[^a-z0-9]+", "-", latin).strip("-")
    if len(words) > limit:
        words = words[: limit + 1].rsplit("-", 1)[0][:limit].strip("-")
    return words or "untitled"


def clean_line(text: str, *, limit: int = 500) -> str:
    """Make one line of text safe to show: no control or direction-override characters.

    Entities are resolved, tags dropped, spaces collapsed; at most `limit` characters.
    """
    text = text[:LONGEST]
    if _TAG.search(text):
        text = plain_text(text)
    hidden = _UNMARKED if _RIGHT_TO_LEFT.search(text.replace("\u061c", "")) else _INVISIBLE
    text = _CONTROL.sub(" ", hidden.sub("", unicodedata.normalize("NFC", text)))
    return excerpt(_SPACE.sub(" ", text).strip(), limit)


def clean_html(markup: str, *, limit: int = 50_000) -> str:
    """Keep the few tags that carry meaning and drop everything that could act.

    Text without any tag becomes paragraphs, and so does text with empty lines in which no tag
    makes a block. Cleaning twice is cleaning once.
    """
    for _round in range(_ROUNDS):
        cleaned = _cleaned(_tidy(markup)[:limit])
        if cleaned == markup:
            return cleaned
        markup = cleaned
    # What has not settled by now was written to confuse: its words are enough.
    return _paragraphs(html.escape(plain_text(markup)[: limit // 8], quote=False))


def _cleaned(markup: str) -> str:
    if not _TAG.search(markup):
        markup = html.escape(markup, quote=False)
    cleaned = nh3.clean(
        markup,
        tags=set(ALLOWED_TAGS),
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        attributes={"a": {"href"}},
        attribute_filter=_kept,
        url_schemes=set(ALLOWED_SCHEMES),
        link_rel="noopener nofollow ugc",
    )
    # Once more: character references may have hidden what the first look was for.
    cleaned = _tidy(cleaned).strip()
    if "<" in cleaned and (_BLOCK.search(cleaned) or not _EMPTY_LINE.search(cleaned)):
        return cleaned
    return _paragraphs(cleaned)


def _kept(_tag: str, name: str, value: str) -> str | None:
    """Keep a link only when it leads out: a relative one would lead to a page of ours."""
    return None if name == "href" and not _LEADS_OUT.match(value) else value


def _tidy(markup: str) -> str:
    """Compose characters, and drop those nobody can read and those that turn what is around them.

    Only between tags: composed with what follows it, the end of a tag would be one no longer.
    """
    markup = _TURNING.sub("", markup.replace("\r\n", "\n").replace("\r", "\n"))
    markup = _CONTROL.sub(" ", markup)
    if unicodedata.is_normalized("NFC", markup):
        return markup
    return _BETWEEN_TAGS.sub(lambda part: unicodedata.normalize("NFC", part.group()), markup)


def _paragraphs(text: str) -> str:
    """Make paragraphs of escaped text, at its empty lines."""
    blocks = (block.strip() for block in _EMPTY_LINE.split(text))
    return "".join(f"<p>{block}</p>" for block in blocks if block)


def plain_text(markup: str) -> str:
    """Take the words out of HTML, with spaces where blocks end; reads LONGEST characters."""
    markup = markup[:LONGEST]
    if "<" not in markup and "&" not in markup:
        return _SPACE.sub(" ", markup).strip()
    spaced = _BLOCK_END.sub(" ", markup)
    bare = nh3.clean(spaced, tags=set(), clean_content_tags=set(DROPPED_WITH_CONTENT))
    return _SPACE.sub(" ", html.unescape(bare)).strip()


def excerpt(text: str, limit: int) -> str:
    """Shorten a text to at most `limit` characters, at a space where there is one."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ", limit // 2)
    return (cut[:space] if space > 0 else cut).rstrip(" ,;:.") + "…"


def apart(text: str) -> str:
    """Set a text apart in a sentence, so that its direction turns nothing around it (UAX 9)."""
    return f"\u2068{text}\u2069"


def is_web_address(text: str) -> bool:
    """Tell whether the text is an http(s) address that browsers can be sent to.

    It has a host, no name or password before it, nothing that cannot be seen, and can be written
    in ASCII.
    """
    hidden = _CONTROL.search(text) or _INVISIBLE.search(text)
    if hidden or _WEB_ADDRESS.fullmatch(text) is None:
        return False
    try:
        iri_to_uri(text)
    except ValueError:
        return False
    return True
