"""From a draft to what the catalogue keeps of it, beside what it kept before."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from academy.text import plain_text
from courses.catalogue.content import LanguageContent, OfferContent, TextContent
from courses.catalogue.models import Offer
from courses.catalogue.texts import LanguageOrigin, LanguageRole
from courses.harvesting.draft import AUDIENCE, Draft
from courses.harvesting.reading.guessing import guessed_language
from courses.harvesting.writing.editions import NONE_EDITED, EditedRuns, aligned
from courses.vocabularies.models import Term, Vocabulary

UNKNOWN = "und"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft that may become an offer, its terms, and the print of both."""

    draft: Draft
    terms: list[Term]
    fingerprint: str

    @property
    def external_id(self) -> str:
        """How the partner names the record."""
        return self.draft.external_id

    def speaks_of(self, vocabulary: Vocabulary) -> bool:
        """Tell whether the record has a word from which a term of the vocabulary could come.

        For whom an offer is, is said apart from what it is about; either may be left to editors.
        """
        return speaks_of(self.draft.words, self.draft.codes, vocabulary)

    def words_kept(self) -> tuple[list[str], dict[str, list[str]]]:
        """Give the partner's words and codes, from which the terms can be told again."""
        codes = {name: list(given) for name, given in self.draft.codes.items()}
        return list(self.draft.words), codes

    def packed(self) -> bytes:
        """Pack the partner's record as it came, for later."""
        return zlib.compress(json.dumps(self.draft.payload, ensure_ascii=False).encode())

    def content(self) -> OfferContent:
        """Give the content of a new offer."""
        return _content(self.draft, _languages(self.draft, []), UNKNOWN)

    def revision(
        self, offer: Offer, *, now: datetime, edited: EditedRuns = NONE_EDITED
    ) -> OfferContent:
        """Give the content that revises an offer: a guess yields to what was once said."""
        content = _content(self.draft, _languages(self.draft, _said(offer)), offer.language)
        runs = aligned(offer.runs, content.runs, now=now, edited=edited)
        return replace(content, texts=[*content.texts, *_left(offer, content)], runs=runs)


def speaks_of(
    words: Collection[str], codes: Mapping[str, Collection[str]], vocabulary: Vocabulary
) -> bool:
    """Tell whether a term of the vocabulary could come from these words and codes."""
    if vocabulary is Vocabulary.AUDIENCE:
        return any(codes.get(AUDIENCE, ()))
    return bool(words or any(given for name, given in codes.items() if name != AUDIENCE))


def _content(draft: Draft, languages: list[LanguageContent], otherwise: str) -> OfferContent:
    taught = (one.code for one in languages if one.role is LanguageRole.TAUGHT)
    own = draft.texts[0].language or next(taught, otherwise)
    return OfferContent(
        kind=draft.kind,
        language=own,
        texts=[_kept(text, text.language or own) for text in draft.texts],
        languages=languages,
        provider=draft.provider,
        address=draft.address,
        runs=draft.runs,
        delivery=draft.delivery,
        pace=draft.pace,
        level=draft.level,
        cost=draft.cost,
        certificate=draft.certificate,
        workload=draft.workload,
        workload_minutes=draft.workload_minutes,
        data_mb=draft.data_mb,
        data_mb_light=draft.data_mb_light,
        contact=draft.contact,
        audience=draft.for_whom,
        licence=draft.licence,
    )


def _kept(text: TextContent, language: str) -> TextContent:
    """An empty description says nothing: it must not blank one that was stored before."""
    description = text.description if plain_text(text.description or "") else None
    return replace(text, language=language, description=description)


def _left(offer: Offer, content: OfferContent) -> list[TextContent]:
    """Give the text so far, to be kept in its language, when another is told in another one.

    Of the same title, or in a language nobody knew, it is the same text, and only its language was
    corrected; so it is where the new one has a description of its own.
    """
    told = content.texts[0]
    if told.description or offer.language in {content.language, UNKNOWN}:
        return []
    before = next((one for one in offer.texts if one.language == offer.language), None)
    said = {one.language for one in content.texts}
    if before is None or before.language in said or before.title == told.title:
        return []
    return [TextContent(before.language, before.title, origin=before.origin)]


def _said(offer: Offer) -> list[LanguageContent]:
    """Give the languages somebody said it is taught in, its own first."""
    said = [
        LanguageContent(one.code, one.role, one.origin)
        for one in offer.languages
        if one.role is LanguageRole.TAUGHT and one.origin is not LanguageOrigin.GUESSED
    ]
    return sorted(said, key=lambda one: (one.code != offer.language, one.code))


def _languages(draft: Draft, known: list[LanguageContent]) -> list[LanguageContent]:
    """Give the languages of a draft; if it is taught in none, those known before or a guess."""
    if any(one.role is LanguageRole.TAUGHT for one in draft.languages):
        return list(draft.languages)
    return [*(known or _guessed(draft)), *draft.languages]


def _guessed(draft: Draft) -> list[LanguageContent]:
    text = draft.texts[0]
    code = guessed_language(f"{text.title}. {plain_text(text.description or '')}")
    return [LanguageContent(code, origin=LanguageOrigin.GUESSED)] if code else []
