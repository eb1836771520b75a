"""Writing an offer anew as its editors want it: what the content does not say goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from academy.institutions.models import Institution
from courses.catalogue import operations
from courses.catalogue.content import OfferContent, RunContent
from courses.catalogue.editions import new_run, write_run
from courses.catalogue.models import Offer, State
from courses.catalogue.operations import CLASSES, PLAIN_FIELDS
from courses.catalogue.runs import Run
from courses.vocabularies.models import Term, Vocabulary

OF_EDITORS = frozenset((Vocabulary.ISSUE, Vocabulary.METHODOLOGY, Vocabulary.AUDIENCE))
"""Terms that editors choose; others stay."""


def rewrite(offer: Offer, content: OfferContent, *, terms: Sequence[Term], now: datetime) -> None:
    """Make a whole offer say what the content says, and nothing else.

    Runs and meetings are known by reference and uid; those that are not named go, and with them
    whatever hangs on them: `rules.check...` of editing refuses before, where people are enrolled.
    """
    others = [term for term in offer.terms if term.vocabulary not in OF_EDITORS]
    named = {text.language for text in content.texts}
    for text in [one for one in offer.texts if one.language not in named]:
        offer.texts.remove(text)
    operations.revise(offer, replace(content, runs=()), now=now, terms=[*others, *terms])
    for name in PLAIN_FIELDS:
        if getattr(content, name) is None:
            setattr(offer, name, None)
    if not content.languages:
        offer.languages.clear()
    before = operations.places_of(offer)
    _rewrite_runs(offer, content.runs)
    operations.follow_added_places(offer, before, now=now)


def describe_also(offer: Offer, terms: Sequence[Term], *, now: datetime) -> None:
    """Describe a whole offer by these terms too; by one that it has, it stays described."""
    new = [term for term in terms if term not in offer.terms]
    if new:
        offer.terms, offer.changed_at = [*offer.terms, *new], now


def unstored(
    institution: Institution, content: OfferContent, *, terms: Sequence[Term], now: datetime
) -> Offer:
    """Make an offer that is only looked at: it is in no session and never reaches the database."""
    offer = CLASSES[content.kind](
        slug="",
        kind=content.kind,
        institution=institution,
        institution_id=institution.id,
        state=State.DRAFT,
        language=content.language,
        audience={},
        sample=False,
        review_count=0,
        added_at=now,
        texts=[],
        languages=[],
        terms=[],
        runs=[],
    )
    rewrite(offer, content, terms=terms, now=now)
    return offer


def _rewrite_runs(offer: Offer, runs: Sequence[RunContent]) -> None:
    known = {run.reference: run for run in offer.runs}
    kept: list[Run] = []
    for content in runs:
        run = known.get(content.reference or "")
        if run is None:
            run = new_run()
            offer.runs.append(run)
        named = {meeting.uid for meeting in content.meetings}
        for meeting in [one for one in run.meetings if one.uid not in named]:
            run.meetings.remove(meeting)
        write_run(run, content)
        kept.append(run)
    for run in [one for one in offer.runs if one not in kept]:
        offer.runs.remove(run)
