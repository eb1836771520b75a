"""My learning: what the person takes part in, grouped by what there is to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from typing import Any

from flask import render_template, url_for

from academy.access import current_person, signed_in
from academy.accounts.models import Person
from academy.db import utcnow
from academy.i18n import gettext as _
from courses.catalogue import queries as catalogue
from courses.catalogue.rules import has_begun, is_over, is_visible
from courses.enrolment.models import Enrolment
from courses.enrolment.queries import learning_of
from courses.enrolment.rules import SETTLED, took_part, waits
from courses.feedback.queries import reviewed_runs
from courses.saving.queries import saved_offers
from courses.search.find import find
from courses.search.params import SearchParams
from courses.vocabularies.queries import Vocabularies, vocabularies
from courses.web import phrases, saving
from courses.web.blueprint import bp
from courses.web.cards import OfferCard, card
from courses.web.enrol_panel import progress_actions

SUGGESTIONS = 3


class Group(Enum):
    """What there is to do, in the order of the page."""

    WAITING = auto()
    GOING_ON = auto()
    COMING = auto()
    TO_REVIEW = auto()
    PAST = auto()


STILL_TAKEN = frozenset((Group.WAITING, Group.GOING_ON, Group.COMING))
"""Where something stands that the person has not finished."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An enrolment as its row needs it."""

    enrolment: Enrolment
    reviewed: bool
    may_review: bool
    group: Group


@bp.get("/my")
@signed_in
def my() -> str:
    """Show what the person takes part in."""
    now, vocabulary, person = utcnow(), vocabularies(), current_person()
    reviewed = reviewed_runs(person)
    taken = [_taken(one, one.run_id in reviewed, now) for one in learning_of(person)]
    return render_template(
        "courses/my.html",
        groups=_groups(taken, vocabulary, now),
        saved=_saved(person, taken, vocabulary, now),
        suggestions=[] if taken else _suggestions(vocabulary, now),
        keeper=saving.keeper(person),
        find_url=url_for("courses.learn"),
        searches_url=url_for("courses.searches"),
    )


def _taken(enrolment: Enrolment, reviewed: bool, now: datetime) -> Taken:
    may_review = took_part(enrolment, enrolment.run, now)
    return Taken(enrolment, reviewed, may_review, _group(enrolment, reviewed, now))


def _group(enrolment: Enrolment, reviewed: bool, now: datetime) -> Group:
    run = enrolment.run
    if waits(enrolment) and not is_over(run, run.offer.kind, now):
        return Group.WAITING
    over = is_over(run, run.offer.kind, now) or enrolment.progress in SETTLED
    if not over:
        return Group.GOING_ON if has_begun(run, now) else Group.COMING
    return Group.PAST if reviewed or not took_part(enrolment, run, now) else Group.TO_REVIEW


def _groups(
    taken: Sequence[Taken], vocabulary: Vocabularies, now: datetime
) -> list[dict[str, Any]]:
    headings = {
        Group.GOING_ON: _("Going on"),
        Group.WAITING: _("On the waiting list"),
        Group.COMING: _("Coming up"),
        Group.TO_REVIEW: _("Waiting for your feedback"),
        Group.PAST: _("Finished or over"),
    }
    groups: list[dict[str, Any]] = []
    for group, heading in headings.items():
        members = [one for one in taken if one.group is group]
        if group is Group.COMING:
            members.sort(key=lambda one: one.enrolment.run.starts_at or now)
        if members:
            rows = [_row(one, vocabulary, now) for one in members]
            groups.append({"heading": heading, "rows": rows, "empty": None})
    nothing = {"heading": headings[Group.GOING_ON], "rows": []}
    return groups or [nothing | {"empty": _("You take part in nothing at the moment.")}]


def _row(taken: Taken, vocabulary: Vocabularies, now: datetime) -> dict[str, Any]:
    enrolment, run = taken.enrolment, taken.enrolment.run
    review = url_for("courses.review", reference=run.reference) if taken.may_review else None
    asked = taken.group is Group.TO_REVIEW
    return {
        "card": card(run.offer, vocabulary, now=now, run=run),
        "standing_label": _standing(enrolment),
        "progress_label": phrases.PROGRESS[enrolment.progress] if enrolment.progress else None,
        "actions": [*_going_on(taken), *progress_actions(enrolment, run.offer, run, now=now)],
        "details_url": url_for("courses.enrolment", reference=enrolment.reference),
        "review_url": review,
        "review_label": _("Change what you said") if taken.reviewed else _("Say how it was"),
        "review_style": "" if asked else "btn--line",
    }


def _standing(enrolment: Enrolment) -> str:
    if not is_visible(enrolment.run.offer):
        return _("No longer offered by the institution")
    return str(phrases.STANDINGS[enrolment.standing])


def _going_on(taken: Taken) -> list[dict[str, Any]]:
    run = taken.enrolment.run
    can_go = run.offer.address and is_visible(run.offer)
    if not can_go or taken.group not in {Group.GOING_ON, Group.COMING}:
        return []
    action = url_for("courses.leave", reference=run.reference)
    label = _("Go to the institution’s site")
    return [{"label": label, "action": action, "fields": [], "style": "btn"}]


def _saved(
    person: Person, taken: Sequence[Taken], vocabulary: Vocabularies, now: datetime
) -> list[OfferCard]:
    """List what the person saved, each with the button that lets go of it.

    What they take part in, or wait for, stands above already.
    """
    above = {one.enrolment.run.offer_id for one in taken if one.group in STILL_TAKEN}
    offers = [one.offer for one in saved_offers(person) if one.offer_id not in above]
    return [
        replace(card(offer, vocabulary, now=now), save=saving.button(offer.slug, saved=True))
        for offer in offers
    ]


def _suggestions(vocabulary: Vocabularies, now: datetime) -> list[OfferCard]:
    found = find(SearchParams(), now=now)
    offers = catalogue.listed_in_order(found.numbers[:SUGGESTIONS])
    return [card(offer, vocabulary, now=now) for offer in offers]
