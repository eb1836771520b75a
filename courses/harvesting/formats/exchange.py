"""A record of our exchange format, JSON Lines v1: what each of its fields means.

Fields: source, source_id, title, summary, description, language, lang_src, text_src, languages,
provider, subjects, audience, url, start, end, zone, kind, level, mode, pace, cost, certificate,
workload, workload_minutes, data_mb, data_mb_light, contact, licence; and beside them subtitles and
materials (languages), texts (by language), runs (with meetings) and terms (by vocabulary).

Who writes all that an offer is, as our own exports do, lists in `languages` objects of code, role
and origin instead of words, and in `audience` an object of words by language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from academy.i18n import Texts
from academy.text import clean_line
from courses.catalogue.content import LanguageContent, TextContent
from courses.catalogue.models import Certificate, Delivery, Pace
from courses.catalogue.texts import LanguageOrigin, LanguageRole, TextOrigin
from courses.harvesting.draft import AUDIENCE, Draft, Notes
from courses.harvesting.formats.occurrences import runs_of
from courses.harvesting.formats.told import Json, Record
from courses.harvesting.reading import values as reading
from courses.harvesting.reading.languages import language

SAID_BY = {
    "": LanguageOrigin.DECLARED,
    "declared": LanguageOrigin.DECLARED,
    "file": LanguageOrigin.SOURCE,
}
LARGEST_NUMBER = 1_000_000
LONGEST_CONTACT = 254

One = TypeVar("One", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Source:
    """What the source says of all its records, and the zone of hours that name none."""

    defaults: Mapping[str, str]
    zone: str


def draft_of(told: Json, payload: Json, source: Source, notes: Notes) -> Draft:
    """Say what a record means; the payload is how it came, to be kept."""
    record = Record({**source.defaults, **_filled(told)}, notes)
    return Draft(
        external_id=_external_id(record),
        line=notes.line,
        payload=payload,
        kind=reading.kind(" ".join(record.many("kind"))),
        texts=_texts(record),
        languages=_languages(record, told),
        words=_words(record),
        codes=_our_codes(record),
        provider=record.words("provider") or None,
        address=reading.address(record.words("url"), notes),
        runs=runs_of(record, source.zone, source.defaults),
        delivery=_one(Delivery, record, "mode") or reading.delivery(record.words("mode")),
        pace=_one(Pace, record, "pace"),
        level=reading.level(record.words("level")),
        cost=reading.cost(record.words("cost")),
        certificate=_one(Certificate, record, "certificate"),
        workload=reading.workload(record.words("workload"), notes),
        workload_minutes=_number(record, "workload_minutes"),
        data_mb=_number(record, "data_mb"),
        data_mb_light=_number(record, "data_mb_light"),
        contact=clean_line(record.words("contact"), limit=LONGEST_CONTACT) or None,
        for_whom=by_language(record.object("audience"), reading.LONGEST_SENTENCE) or None,
        licence=reading.licence(record.words("licence")),
        findings=notes.found,
    )


def _filled(told: Json) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value not in (None, "")}


def _one(kind: type[One], record: Record, name: str) -> One | None:
    """Read one of our own words, exactly as we write it: "none" is one of them."""
    said = record.told.get(name)
    return next((one for one in kind if one.value == said), None)


def _number(record: Record, name: str) -> int | None:
    value = record.told.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= LARGEST_NUMBER else None


def by_language(texts: Record, limit: int) -> Texts:
    """Read lines by their languages."""
    read = {language(code): texts.words(code) for code in texts.told}
    return {code: clean_line(text, limit=limit) for code, text in read.items() if code and text}


def _words(record: Record) -> list[str]:
    """Give the words that may mean our terms; who names our terms says nothing by the kind."""
    kinds = [] if "terms" in record.told else record.many("kind")
    return list(dict.fromkeys((*record.many("subjects"), *kinds)))


def _our_codes(record: Record) -> dict[str, list[str]]:
    """Give our terms by vocabulary, and whom the record says it is for: in our words or others."""
    terms = record.object("terms")
    codes = {name: terms.many(name) for name in terms.told}
    meant = record.many("audience")
    for named in record.objects("audience"):
        # As schema.org writes it: {"@type": "Audience", "audienceType": "..."}.
        meant += [*named.many("audienceType"), *named.many("educationalRole")]
    return codes | ({AUDIENCE: [*codes.get(AUDIENCE, ()), *meant]} if meant else {})


def _external_id(record: Record) -> str:
    source, own = record.words("source"), record.words("source_id")
    return f"{source}:{own}" if source and own else own


def _texts(record: Record) -> list[TextContent]:
    """Give the record's own text first, then those in other languages."""
    own = language(record.words("language")) or ""
    texts = {own: _text(own, record)}
    others = record.object("texts")
    for code in others.told:
        written_in, other = language(code), others.object(code)
        if written_in is None or not other.words("title"):
            record.notes.add("texts", "unusable-text", code)
        elif written_in not in texts:
            texts[written_in] = _text(written_in, other)
    return list(texts.values())


def _text(code: str, record: Record) -> TextContent:
    title, summary = record.words("title"), record.words("summary")
    origin = _one(TextOrigin, record, "text_src") or TextOrigin.ORIGINAL
    return TextContent(code, title, summary or None, record.words("description"), origin)


def _languages(record: Record, told: Json) -> list[LanguageContent]:
    """Give the languages: those of a list of objects, or the language and further words."""
    if listed := [found for one in record.objects("languages") if (found := _whole(one))]:
        return list({(one.code, one.role): one for one in listed}.values())
    codes = {LanguageRole.TAUGHT: _codes(record, "languages")}
    for role in (LanguageRole.SUBTITLES, LanguageRole.MATERIALS):
        codes[role] = _codes(record, role.value)
    languages = [LanguageContent(code, role) for role in codes for code in codes[role]]
    said = record.words("language")
    code = language(said)
    if code is None:
        if said:
            record.notes.add("language", "unknown-language", said)
        return languages
    by_source = not _filled(told).get("language")
    origin = LanguageOrigin.SOURCE if by_source else _origin(record.words("lang_src"))
    first = LanguageContent(code, origin=origin)
    return [first, *(one for one in languages if (one.code, one.role) != (code, first.role))]


def _whole(one: Record) -> LanguageContent | None:
    said = one.words("code")
    code, role = language(said), _one(LanguageRole, one, "role") or LanguageRole.TAUGHT
    if code is None:
        one.notes.add("languages", "unknown-language", said)
        return None
    return LanguageContent(code, role, _one(LanguageOrigin, one, "origin") or SAID_BY[""])


def _origin(said_by: str) -> LanguageOrigin:
    return SAID_BY.get(said_by, LanguageOrigin.GUESSED)


def _codes(record: Record, name: str) -> list[str]:
    codes = {word: language(word) for word in record.many(name)}
    for word in (word for word, code in codes.items() if code is None):
        record.notes.add(name, "unknown-language", word)
    return list(dict.fromkeys(code for code in codes.values() if code))
