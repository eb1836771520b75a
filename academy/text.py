"""Text from outside made fit: folded, shortened, made into an address, cleaned of hostile HTML."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache

import icu
import nh3

ALLOWED_TAGS = frozenset(
    ("p", "br", "ul", "ol", "li", "h3", "h4", "strong", "em", "b", "i", "a", "blockquote")
)
ALLOWED_SCHEMES = frozenset(("http", "https", "mailto"))
DROPPED_WITH_CONTENT = frozenset(("script", "style", "template", "noscript", "iframe", "object"))

_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SPACE = re.compile(r"\s+")
_TAG = re.compile(r"<[a-zA-Z/!][^>]*>|&[a-zA-Z#0-9]+;")
_BLOCK_END = re.compile(r"<(?:/p|/li|/h\d|/div|br|/tr|/td)\b[^>]*>", re.IGNORECASE)


@cache
def _folding() -> dict[int, str | None]:
    """Map letters to what they are compared as: accents off, Arabic and Turkish variants merged.

    Only marks that readers leave out are dropped; vowel signs of Thai and Indic scripts stay.
    """
    table: dict[int, str | None] = {}
    latin_and_greek = (*range(0xC0, 0x250), *range(0x386, 0x3D0), *range(0x1E00, 0x2000))
    for point in latin_and_greek:
        parts = unicodedata.normalize("NFKD", chr(point))
        base = "".join(part for part in parts if not unicodedata.combining(part)).casefold()
        if base and base != chr(point):
            table[point] = base
    table.update({ord(mark): None for mark in map(chr, range(0x300, 0x370))})
    table.update(
        {
            ord(char): base
            for char, base in {"ı": "i", "İ": "i", "ß": "ss", "ø": "o", "đ": "d", "ł": "l"}.items()
        }
    )
    table.update(
        {
            ord(char): base
            for char, base in {"æ": "ae", "œ": "oe", "ё": "е", "Ё": "е", "’": "'", "ʼ": "'"}.items()
        }
    )
    arabic_marks = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670\u0640"
    table.update({ord(mark): None for mark in arabic_marks})
    table.update(
        {
            ord(char): base
            for char, base in {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"}.items()
        }
    )
    return table


def fold(text: str) -> str:
    """Give the form in which texts are compared: composed, caseless, without accents."""
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    folded = composed.translate(_folding()).casefold().translate(_folding())
    return unicodedata.normalize("NFC", folded)


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
    if _TAG.search(text):
        text = plain_text(text)
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    return excerpt(_SPACE.sub(" ", text).strip(), limit)


def clean_html(markup: str, *, limit: int = 50_000) -> str:
    """Keep the few tags that carry meaning and drop everything that could act.

    Text without any tag becomes paragraphs. Cleaning twice is cleaning once.
    """
    markup = _CONTROL.sub(" ", unicodedata.normalize("NFC", markup))[:limit]
    if not _TAG.search(markup):
        blocks = (block.strip() for block in re.split(r"\n\s*\n", markup))
        markup = "".join(f"<p>{html.escape(block)}</p>" for block in blocks if block)
    return nh3.clean(
        markup,
        tags=set(ALLOWED_TAGS),
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        attributes={"a": {"href"}},
        url_schemes=set(ALLOWED_SCHEMES),
        link_rel="noopener nofollow ugc",
    ).strip()


def plain_text(markup: str) -> str:
    """Take the words out of HTML, with spaces where blocks end."""
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


def is_web_address(text: str) -> bool:
    """Tell whether the text is an http(s) address with a host and nothing hidden in it."""
    return re.fullmatch(r"https?://[^\s/@\\?#<>\"']+\.?[^\s\\<>\"]*", text) is not None
