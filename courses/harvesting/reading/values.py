"""Reading single values as partners write them: kinds, levels, costs, addresses, lists in cells."""

from __future__ import annotations

import re

from academy.text import clean_line, fold_phrase, is_web_address
from courses.catalogue.models import Cost, Delivery, Kind, Level
from courses.harvesting.draft import Notes, Weight
from courses.vocabularies import licences

LONGEST_ADDRESS = 2_000
LONGEST_WORD = 120
LONGEST_SENTENCE = 500
NOTHING = frozenset(
    (
        *("", "/", "?", "[]", "{}", "n/a", "none", "null", "nil", "nan", "undefined"),
        *("not mentioned", "not specified", "not available", "not applicable", "unknown"),
    )
)
# All patterns meet folded text: no accents, no capitals, no hyphens.
_WEBINAR = re.compile(
    r"\b(?:webina|webseminar|event|talk|veranstaltung)|вебинар|网络研讨会|ندوه|สัมมนาออนไลน์"
)
_LEVELS = (
    (
        Level.INTRODUCTORY,
        r"begin|introduc|basic|debut|iniciant|inicial|principiant|foundation|начальн|初级|入门",
    ),
    (Level.INTERMEDIATE, r"intermed|moyen|mittel|средн|中级"),
    (Level.ADVANCED, r"advanc|expert|avanc|avanz|(?<!under)graduate|продвинут|高级"),
)
_HTTP = re.compile(r"https?://[^\s/?#]+[/?#]", re.IGNORECASE)
_HOST = re.compile(r"[^:]+://[^/?#]*")
_HYBRID = re.compile(r"h.?brid|blended|mixte|mixto|semi ?presencial")
_ONLINE = re.compile(
    r"online|on line|en ligne|em linha|en linea|\bead\b|remot|virtual|distan[ct]|^true$"
)
_ON_SITE = re.compile(r"on ?site|presen[ct]|in person|face to face|^false$")
_YES_OR_NO = frozenset(("true", "false", "yes", "no", "0", "1"))
_FREE = frozenset(("free", "gratuit", "gratis", "gratuito", "false", "бесплатно", "免费"))
_PAID = frozenset(("paid", "charge", "payant", "de pago", "pago", "true", "платно", "付费"))
_PRICE = re.compile(r"[^\d]{0,5}(\d[\d.,]*)[^\d]{0,5}")
_QUOTED_IN_LIST = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_BARE_NUMBER = re.compile(r"[\d.,\s]+")


def said(text: str) -> str:
    """Give what a cell says: nothing where it holds a word for nothing, such as "n/a"."""
    text = text.strip()
    return "" if len(text) <= 20 and fold_phrase(text) in NOTHING else text


def prose(text: str) -> str:
    """Take a text out of what exporters wrap it in: quotes, or the brackets of a list."""
    text = said(text)
    if is_list(text):
        return "; ".join(many(text, limit=LONGEST_SENTENCE))
    inner = text[1:-1]
    return inner.strip() if text[:1] == text[-1:] == '"' and '"' not in inner else text


def address(text: str, notes: Notes) -> str | None:
    """Read a web address; what is none, such as javascript:, is left out and noted.

    Spaces inside of one are written as browsers do, and one that begins with www. gets its scheme.
    """
    text = text.strip()
    if not text:
        return None
    if mended := _mended_address(text):
        notes.add("url", "completed-address", text, Weight.REPAIRED)
        text = mended
    if is_web_address(text) and len(text) <= LONGEST_ADDRESS:
        return _HOST.sub(lambda found: found[0].lower(), text, count=1)
    notes.add("url", "unusable-address", text, Weight.REPAIRED)
    return None


def _mended_address(text: str) -> str | None:
    """Give an address as it was meant; None where nothing is wrong, or more than this."""
    whole = f"https://{text}" if text.casefold().startswith("www.") else text
    spaced = whole.replace(" ", "%20") if _HTTP.match(whole) else whole
    return spaced if spaced != text and is_web_address(spaced) else None


def kind(text: str) -> Kind:
    """Read a kind: whatever is held at an hour is a webinar, everything else a course."""
    return Kind.WEBINAR if _WEBINAR.search(fold_phrase(text)) else Kind.COURSE


def level(text: str) -> Level | None:
    """Read a level, of several the lowest; None when nothing or everything is said."""
    folded = fold_phrase(text)
    return next((found for found, pattern in _LEVELS if re.search(pattern, folded)), None)


def delivery(text: str) -> Delivery | None:
    """Read where people learn."""
    folded = fold_phrase(text)
    online, on_site = _ONLINE.search(folded), _ON_SITE.search(folded)
    if _HYBRID.search(folded) or (online and on_site):
        return Delivery.HYBRID
    if online:
        return Delivery.ONLINE
    return Delivery.ON_SITE if on_site else None


def cost(text: str) -> Cost | None:
    """Read whether learners pay: a word for it, or a price."""
    folded = fold_phrase(text)
    if folded in _FREE:
        return Cost.FREE
    if folded in _PAID:
        return Cost.PAID
    price = _PRICE.fullmatch(folded)
    if price is None:
        return None
    return Cost.PAID if re.search("[1-9]", price[1]) else Cost.FREE


def workload(text: str, notes: Notes) -> str | None:
    """Read how long it takes, in the partner's words; a number alone could be anything."""
    if text and _BARE_NUMBER.fullmatch(text):
        notes.add("workload", "no-unit", text, Weight.REPAIRED)
        return None
    return clean_line(text, limit=LONGEST_WORD) or None


def licence(*told: str) -> str | None:
    """Read on what terms it may be used again: the first of these texts that says anything."""
    names = (licences.licence(said(text)) for text in told)
    return next((name for name in names if name), None)


def is_yes_or_no(text: str) -> bool:
    """Tell whether a cell answers a question instead of naming something."""
    return fold_phrase(text) in _YES_OR_NO


def is_list(text: str) -> bool:
    """Tell whether a cell holds a list as programs write them."""
    return text.startswith("[") and text.endswith("]")


def many(text: str, *, limit: int = LONGEST_WORD) -> list[str]:
    """Split a cell that holds several words: by |, by ;, or written as a list."""
    text = text.strip()
    if is_list(text):
        quoted = (first or second for first, second in _QUOTED_IN_LIST.findall(text))
        pieces = [re.sub(r"\\(.)", r"\1", piece) for piece in quoted]
    else:
        pieces = re.split(r"[|;]", text)
    return [word for piece in pieces if (word := clean_line(piece, limit=limit))]
