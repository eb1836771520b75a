"""Reading single values as partners write them: dates, languages, levels, kinds."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import langcodes
from babel import Locale
from langcodes.tag_parser import LanguageTagError

from academy.text import clean_line, fold_phrase
from courses.catalogue.models import Cost, Delivery, Kind, Level
from courses.vocabularies.operations import DATA

LANGUAGES_WRITTEN_IN = ("en", "fr", "es", "pt", "de", "it", "ru", "nl", "zh", "ar", "tr", "id")
WRITTEN_OTHERWISE = {
    "cmn": "zh",
    "chinese simplified": "zh-Hans",
    "chinese (simplified)": "zh-Hans",
    "chinese (china)": "zh-Hans",
    "chinese traditional": "zh-Hant",
    "chinese (traditional)": "zh-Hant",
    "mandarin": "zh",
    "portuguese (brazilian)": "pt-BR",
    "portuguese (brazil)": "pt-BR",
    "portuguese (european)": "pt-PT",
    "castellano": "es",
    "farsi": "fa",
}
_WEBINAR = re.compile(r"\b(webinar|webinaire|webinario|event|evento|talk|вебинар|veranstaltung)")
_LEVELS = (
    (re.compile(r"begin|introduct|basic|débutant|básico|basico|iniciante|foundation"), 0),
    (re.compile(r"intermed|moyen|mittel"), 1),
    (re.compile(r"advanc|expert|avanc|avanz|graduate$"), 2),
)
_DELIVERIES = (
    (re.compile(r"h.?.?brid|blended|mixte|semipresencial"), Delivery.HYBRID),
    (
        re.compile(r"online|en ligne|em linha|ead|remot|virtual|distance|distancia|^true$"),
        Delivery.ONLINE,
    ),
    (re.compile(r"on.?site|presen|in.?person|face|^false$"), Delivery.ON_SITE),
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?Z?)?$")
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment that was read, whether its zone was said, and whether its hour was."""

    at: datetime
    zone_said: bool
    hour_said: bool


def instant(text: str, zone: str) -> Instant | None:
    """Read a date or a moment; None when it cannot be read or is out of all reason.

    Understood are ISO 8601 (also without hyphens) and RFC 5322. What names no zone is in `zone`.
    """
    text = text.strip()
    by_mail = re.match(r"[A-Z][a-z]{2}, ", text)
    found = _mail_date(text) if by_mail else _iso_date(text)
    if found is None:
        return None
    moment, hour_said = found
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        return None
    zone_said = moment.tzinfo is not None
    placed = moment if zone_said else moment.replace(tzinfo=ZoneInfo(zone))
    return Instant(placed.astimezone(UTC), zone_said, hour_said)


def end_of(read: Instant) -> datetime:
    """Give the end a date means: its moment, or when only a day was said, the end of the day."""
    return read.at if read.hour_said else read.at + timedelta(days=1) - timedelta(seconds=1)


def _mail_date(text: str) -> tuple[datetime, bool] | None:
    try:
        return parsedate_to_datetime(text), True
    except (ValueError, TypeError):
        return None


def _iso_date(text: str) -> tuple[datetime, bool] | None:
    compact = _COMPACT.match(text)
    try:
        if compact:
            parts = [int(part or 0) for part in compact.groups()]
            zone = UTC if text.endswith("Z") else None
            return datetime(*parts, tzinfo=zone), compact.group(4) is not None  # type: ignore[arg-type,misc]
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return datetime.combine(date.fromisoformat(text), time()), False
        return datetime.fromisoformat(text), True
    except ValueError:
        return None


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_or_none(name: str) -> str | None:
    """Give the IANA zone when the name is one."""
    return name if name in _zones() else None


@cache
def _language_names() -> dict[str, str]:
    """Map the folded names of languages, in the languages partners write in, to their codes."""
    names: dict[str, str] = {}
    for reader in LANGUAGES_WRITTEN_IN:
        for code, name in Locale(reader).languages.items():
            names.setdefault(fold_phrase(name), code.replace("_", "-"))
    for code, own in tomllib.loads((DATA / "languages.toml").read_text("utf-8"))["names"].items():
        names.setdefault(fold_phrase(own), code)
    return names


@cache
def language(text: str) -> str | None:
    """Read a language: a code in any spelling, or its name in one of a dozen languages."""
    text = text.strip()
    written = WRITTEN_OTHERWISE.get(fold_phrase(text))
    if written:
        return written
    named = _language_names().get(fold_phrase(text))
    if named:
        return named
    try:
        tag = langcodes.standardize_tag(text.replace("_", "-"))
    except (LanguageTagError, ValueError):
        return None
    base = tag.split("-", 1)[0]
    return tag if base in Locale("en").languages else None


def kind(text: str) -> Kind:
    """Read a kind: whatever is held at an hour is a webinar, everything else a course."""
    return Kind.WEBINAR if _WEBINAR.search(text.casefold()) else Kind.COURSE


def level(text: str) -> Level | None:
    """Read a level; None when nothing or everything is said."""
    folded = text.casefold()
    for pattern, position in _LEVELS:
        if pattern.search(folded):
            return tuple(Level)[position]
    return None


def delivery(text: str) -> Delivery | None:
    """Read where people learn."""
    folded = text.casefold()
    return next((value for pattern, value in _DELIVERIES if pattern.search(folded)), None)


def cost(text: str) -> Cost | None:
    """Read whether learners pay."""
    folded = text.strip().casefold()
    if folded in {"free", "gratuit", "gratis", "gratuito", "0", "false", "бесплатно", "免费"}:
        return Cost.FREE
    return Cost.PAID if folded in {"paid", "payant", "de pago", "true", "pago", "платно"} else None


def many(text: str) -> list[str]:
    """Split a cell that holds several words: by |, by ;, or written as a list."""
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        parts = re.findall(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", text)
        return [clean_line(first or second, limit=120) for first, second in parts]
    pieces = re.split(r"[|;]", text) if re.search(r"[|;]", text) else [text]
    return [clean_line(piece, limit=120) for piece in pieces if piece.strip()]
