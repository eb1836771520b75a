"""What is allowed in the catalogue: what an offer needs before it may be listed."""

from __future__ import annotations

from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.errors import Conflict, Invalid, Refusal
from courses.catalogue.models import Kind, Offer, State
from courses.catalogue.runs import Run
from courses.catalogue.texts import LanguageRole
from courses.vocabularies.models import Vocabulary


class OfferWithdrawn(Conflict):
    """The offer is no longer in the catalogue."""

    code = "offer-withdrawn"
    sentence = _l("The institution has withdrawn this offer.")


class OfferGone(Refusal):
    """The offer was in the catalogue, and is no longer."""

    status = 410
    code = "offer-gone"
    sentence = _l("This offer is no longer in the catalogue.")


def is_visible(offer: Offer) -> bool:
    """Tell whether everybody may see the page of the offer."""
    return offer.state is State.PUBLISHED


def was_shown(offer: Offer) -> bool:
    """Tell whether everybody could see the page of the offer, until it was taken out."""
    return offer.state is State.ARCHIVED and offer.published_at is not None


def is_listed(offer: Offer) -> bool:
    """Tell whether the offer stands in lists and is found: there, answering, and no duplicate."""
    return is_visible(offer) and offer.canonical_id is None and not has_gone(offer)


def has_gone(offer: Offer) -> bool:
    """Tell whether its source is silent of it, or its address leads nowhere: nobody enrols then."""
    return (offer.vanished_at, offer.broken_at) != (None, None)


def missing_to_list(offer: Offer) -> list[str]:
    """Name what a harvested offer still needs to be listed: title, language, address."""
    lacking = []
    if not any(text.title for text in offer.texts):
        lacking.append("title")
    if not _names_its_language(offer):
        lacking.append("language")
    if not offer.address:
        lacking.append("address")
    return lacking


def _names_its_language(offer: Offer) -> bool:
    """Subtitles do not say in what an offer is taught."""
    return any(one.role is LanguageRole.TAUGHT for one in offer.languages)


def check_may_publish(offer: Offer) -> None:
    """Refuse to publish by hand what a reader could not judge.

    Raises Invalid naming each missing field: title, language, issue, methodology, cost, contact.
    """
    needed = _l("An offer needs this before it can be published.")
    vocabularies = {term.vocabulary for term in offer.terms}
    present = {
        "title": any(text.title for text in offer.texts),
        "language": _names_its_language(offer),
        "issue": Vocabulary.ISSUE in vocabularies,
        "methodology": Vocabulary.METHODOLOGY in vocabularies,
        "cost": offer.cost is not None,
        "contact": bool(offer.contact),
    }
    lacking: dict[str, str | LazyString] = {
        name: needed for name, there in present.items() if not there
    }
    if lacking:
        raise Invalid(lacking)


def is_over(run: Run, kind: Kind, now: datetime) -> bool:
    """Tell whether the run has ended; a course that names no end goes on, a webinar does not."""
    end = run.ends_at or (run.starts_at if kind is Kind.WEBINAR else None)
    return end is not None and end < now


def takes_enrolments(run: Run, kind: Kind, now: datetime) -> bool:
    """Tell whether the enrolment window is open; places are another question."""
    in_time = run.enrol_until is None or now <= run.enrol_until
    return in_time and not is_over(run, kind, now)


def has_begun(run: Run, now: datetime) -> bool:
    """Tell whether there is something to say of the run: it has begun, or is always open."""
    return run.starts_at is None or run.starts_at <= now
