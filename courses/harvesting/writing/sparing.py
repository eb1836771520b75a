"""What a source says without what people edited; and what it would have an offer say alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields as names_of
from dataclasses import replace
from datetime import datetime

from courses.catalogue.content import LanguageContent, OfferContent, TextContent
from courses.catalogue.models import Offer
from courses.catalogue.rewriting import unstored
from courses.catalogue.runs import Meeting, MeetingStatus
from courses.catalogue.texts import LanguageRole
from courses.editing.form import LISTS, OF_TEXT, Content, form_of
from courses.harvesting.writing.editions import as_stored
from courses.vocabularies.models import Term

NAMES = frozenset(one.name for one in names_of(OfferContent))


def spared(content: OfferContent, offer: Offer, locked: Collection[str]) -> OfferContent:
    """Give the content without the parts of the offer that people edited: they stay as they are."""
    silent = dict.fromkeys({*locked} & NAMES - {"kind", "language", "audience", "runs"})
    return replace(
        content,
        **silent,
        kind=offer.kind if "kind" in locked else content.kind,
        language=offer.language if _keeps_language(content, offer, locked) else content.language,
        texts=list(_texts(content, offer, locked)),
        languages=list(_languages(content, offer, locked)),
        audience=_audience(content, offer, locked),
        runs=[
            as_stored(offer.runs[index])
            if index < len(offer.runs) and f"runs.{offer.runs[index].reference}" in locked
            else run
            for index, run in enumerate(content.runs)
        ],
    )


def spared_terms(terms: Sequence[Term], offer: Offer, locked: Collection[str]) -> list[Term]:
    """Give these terms, but of vocabularies that people edited those which the offer has."""
    own = {vocabulary for name, vocabulary in LISTS.items() if name in locked}
    others = (term for term in terms if term.vocabulary not in own)
    return [*others, *(term for term in offer.terms if term.vocabulary in own)]


def _keeps_language(content: OfferContent, offer: Offer, locked: Collection[str]) -> bool:
    """A text that people edited does not become one in another language with its offer."""
    edited = any(f"texts.{offer.language}.{name}" in locked for name in OF_TEXT)
    return "language" in locked or (edited and content.language != offer.language)


def _texts(content: OfferContent, offer: Offer, locked: Collection[str]) -> Iterator[TextContent]:
    known = {text.language: text for text in offer.texts}
    for text in content.texts:
        held = {name for name in OF_TEXT if f"texts.{text.language}.{name}" in locked}
        live = known.get(text.language)
        if live is None and "title" in held:
            continue
        yield replace(
            text,
            title="" if "title" in held else text.title,
            description=None if "description" in held else text.description,
            summary=live.summary if live and "summary" in held else text.summary,
            origin=live.origin if live and "origin" in held else text.origin,
        )


def _languages(
    content: OfferContent, offer: Offer, locked: Collection[str]
) -> Iterator[LanguageContent]:
    roles = {role for role in LanguageRole if f"languages.{role}" in locked}
    yield from (one for one in content.languages if one.role not in roles)
    for one in offer.languages:
        if one.role in roles:
            yield LanguageContent(one.code, one.role, one.origin)


def _audience(
    content: OfferContent, offer: Offer, locked: Collection[str]
) -> dict[str, str] | None:
    if content.audience is None:
        return None
    told = {
        code: text for code, text in content.audience.items() if f"audience.{code}" not in locked
    }
    own = {code: text for code, text in offer.audience.items() if f"audience.{code}" in locked}
    return {**told, **own}


def told_form(
    offer: Offer, content: OfferContent, terms: Sequence[Term], *, now: datetime
) -> Content:
    """Give the form of the offer as its source alone would have it; nothing is written.

    The runs of the content stand as those of the offer do, and have their names.
    """
    content = replace(content, audience=content.audience or {})
    shown = unstored(offer.institution, content, terms=terms, now=now)
    for run, known in zip(shown.runs, offer.runs, strict=False):
        run.reference = known.reference
        for meeting, before in zip(run.meetings, known.meetings, strict=False):
            _name(meeting, before)
    return form_of(shown)


def _name(meeting: Meeting, before: Meeting) -> None:
    """Let a meeting be the one it was: a feed knows no link to join, and rarely what is off."""
    meeting.uid, meeting.join_link = before.uid, meeting.join_link or before.join_link
    if before.status is MeetingStatus.CANCELLED:
        meeting.status = before.status
