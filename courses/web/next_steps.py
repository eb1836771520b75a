"""What happens next to somebody who enrolled or waits: the stops of their way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from academy.i18n import current_language, text_in
from academy.i18n import gettext as _
from courses.catalogue.models import Kind
from courses.catalogue.rules import has_begun, is_over
from courses.enrolment import rules
from courses.enrolment.models import Enrolment


@dataclass(frozen=True, slots=True)
class Step:
    """A stop on the way: what it is, and what happens there."""

    title: str
    text: str
    done: bool = False


def steps(mine: Enrolment, *, now: datetime) -> list[Step]:
    """Name the stops between now and the end, for the kind of offer it is."""
    if rules.waits(mine):
        return _waiting()
    if mine.run.meetings:
        return [_kept(mine), *_meeting(mine, now), _afterwards(mine)]
    if mine.run.offer.address:
        return [_kept(mine), *_partner(mine), _afterwards(mine)]
    return [_kept(mine), _institution(mine, now), _afterwards(mine)]


def _waiting() -> list[Step]:
    return [
        Step(_("On the waiting list"), _("We sent you a mail that says so."), done=True),
        Step(
            _("A place becomes free"),
            _("It is yours at once, in the order in which people came, and we write to you."),
        ),
        Step(
            _("You can come, or not"),
            _("The mail has a link with which you give the place on if it no longer suits you."),
        ),
    ]


def _kept(mine: Enrolment) -> Step:
    told = _("We sent you a mail with all of this.")
    if mine.run.meetings:
        told = _("We sent you a mail with the date and a file for your calendar.")
    return Step(_("Enrolled"), told, done=True)


def _meeting(mine: Enrolment, now: datetime) -> list[Step]:
    over = is_over(mine.run, mine.run.offer.kind, now)
    return [
        Step(
            _("We remind you"),
            _("By mail, a day and an hour before. If the date moves, you hear of it."),
            done=over,
        ),
        Step(
            _("You join from here"),
            _("The doors open 15 minutes before, on a page that is for those who take part."),
            done=over,
        ),
    ]


def _partner(mine: Enrolment) -> list[Step]:
    offer = mine.run.offer
    name = offer.provider or text_in(offer.institution.name, current_language()).text
    text = _(
        "The course is at %(institution)s, which may ask for an account of its own. "
        "You can come back to this page at any time.",
        institution=name,
    )
    return [Step(_("You go on at the institution"), text, done=mine.left_at is not None)]


def _institution(mine: Enrolment, now: datetime) -> Step:
    text = _("It sees that you are enrolled, and says how you take part.")
    return Step(_("The institution gets in touch"), text, done=has_begun(mine.run, now))


def _afterwards(mine: Enrolment) -> Step:
    if mine.run.offer.kind is Kind.COURSE and mine.run.ends_at is None:
        text = _("Six weeks after you left for the institution, one mail. You can say it here too.")
        return Step(_("We ask how far you got"), text)
    return Step(_("We ask how it was"), _("One mail after the end: four questions, one minute."))
