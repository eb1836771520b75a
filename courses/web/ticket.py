"""The facts of an offer in one place, as on a ticket: language, time, data, price, contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from academy.accounts.rules import is_email
from academy.i18n import current_language, text_in
from academy.i18n import gettext as _
from academy.web.moments import Moment, day_of, moment
from courses.catalogue.models import Offer
from courses.catalogue.texts import LanguageRole
from courses.vocabularies.licences import address_of
from courses.vocabularies.models import Vocabulary
from courses.web import phrases
from courses.web.cards import OfferCard, data_needed, effort, languages, shown_run
from courses.web.dates import is_of_one_hour, run_dates


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the ticket; `wide` ones need the whole width."""

    label: str
    value: Any
    moment: Moment | None = None
    url: str | None = None
    wide: bool = False


def ticket(offer: Offer, shown: OfferCard, *, now: datetime) -> dict[str, Any]:
    """Gather the facts of a whole offer for the reader of this page."""
    name = text_in(offer.institution.name, current_language()).text
    source = _("This comes from %(institution)s.", institution=name)
    facts = (*_learning(offer, shown), _when(offer, now), *_terms(offer), *_people(offer, shown))
    return {
        "head": phrases.HEADS[offer.cost],
        "facts": [fact for fact in facts if fact.value],
        "source_line": f"{source} {shown.note}" if shown.note else source,
        "changed": day_of(offer.changed_at),
        "address": offer.address,
    }


def _learning(offer: Offer, shown: OfferCard) -> tuple[Fact, ...]:
    return (
        Fact(_("Language"), shown.languages),
        Fact(_("Subtitles"), languages(offer, LanguageRole.SUBTITLES)),
        Fact(_("Materials"), languages(offer, LanguageRole.MATERIALS)),
    )


def _when(offer: Offer, now: datetime) -> Fact:
    run = shown_run(offer, now)
    if run is None:
        return Fact(_("When"), "")
    hour = moment(run.starts_at) if run.starts_at and is_of_one_hour(run) else None
    return Fact(_("When"), run_dates(run), moment=hour)


def _terms(offer: Offer) -> tuple[Fact, ...]:
    return (
        Fact(_("Time"), effort(offer)),
        Fact(_("Pace"), offer.pace and phrases.PACES[offer.pace]),
        Fact(_("Where"), offer.delivery and phrases.DELIVERIES[offer.delivery]),
        Fact(_("Level"), offer.level and phrases.LEVELS[offer.level]),
        Fact(_("Data needed"), data_needed(offer)),
        Fact(_("Certificate"), offer.certificate and phrases.CERTIFICATES[offer.certificate]),
    )


def _audience(offer: Offer) -> tuple[Fact, ...]:
    """Tell for whom it is: as people choose by it, then as the institution says it."""
    reader = current_language()
    labels = [
        text_in(term.labels, reader).text
        for term in offer.terms
        if term.vocabulary is Vocabulary.AUDIENCE
    ]
    own = text_in(offer.audience, reader).text
    precisely = _("More precisely") if labels else _("For")
    return Fact(_("For"), _(", ").join(labels)), Fact(precisely, own)


def _people(offer: Offer, shown: OfferCard) -> tuple[Fact, ...]:
    # A question mark in an address would begin further headers of the mail.
    mail = f"mailto:{quote(offer.contact, safe='@')}" if is_email(offer.contact) else None
    return (
        *_audience(offer),
        Fact(_("Offered by"), shown.institution["name"].text, url=shown.institution["url"]),
        Fact(_("Questions to"), offer.contact, url=mail, wide=True),
        Fact(_("Licence"), offer.licence, url=address_of(offer.licence), wide=True),
    )
