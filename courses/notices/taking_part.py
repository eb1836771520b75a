"""Mails about how taking part stands: enrolled, waiting, promoted, called off."""

from __future__ import annotations

from academy.i18n import gettext as _
from academy.notices.composing import Action, Mail, Reader, mail
from academy.notices.models import Group, Notice
from courses.catalogue.models import State
from courses.catalogue.rules import is_over, is_visible
from courses.enrolment import rules
from courses.enrolment.queries import place_in_queue
from courses.notices.occasion import Occasion, occasion


@mail("enrolled", Group.TAKING_PART)
def enrolled(notice: Notice, reader: Reader) -> Mail | None:
    """Say that the person is enrolled, when it is, and what happens next."""
    told = occasion(notice, reader)
    if told is None or not _has_place(told):
        return None
    return Mail(
        subject=_("You are enrolled: %(title)s", title=told.title),
        paragraphs=[_("You are enrolled in “%(title)s”.", title=told.title), *_next(told)],
        action=told.to_enrolment(),
        facts=told.facts(),
        further=[told.withdrawing()],
        after=[_leaving_is_easy()],
        attachments=told.calendar(),
    )


@mail("promoted", Group.TAKING_PART)
def promoted(notice: Notice, reader: Reader) -> Mail | None:
    """Say that the person who waited has a place, and how to give it on."""
    told = occasion(notice, reader)
    if told is None or not _has_place(told):
        return None
    has_a_place = _("A place became free, and it is yours: “%(title)s”.", title=told.title)
    return Mail(
        subject=_("You have a place: %(title)s", title=told.title),
        paragraphs=[has_a_place, *_next(told)],
        action=told.to_enrolment(),
        facts=told.facts(),
        further=[told.withdrawing()],
        after=[_("If it no longer suits you, withdraw: somebody else may be waiting.")],
        attachments=told.calendar(),
    )


@mail("waiting", Group.TAKING_PART)
def waiting(notice: Notice, reader: Reader) -> Mail | None:
    """Say that the person is on the waiting list, and what that means."""
    told = occasion(notice, reader)
    if told is None or not rules.waits(told.mine) or not is_visible(told.mine.run.offer):
        return None
    place = place_in_queue(told.mine)
    return Mail(
        subject=_("You are on the waiting list: %(title)s", title=told.title),
        paragraphs=[
            _("All places in “%(title)s” are taken.", title=told.title),
            _("You are number %(place)s on the waiting list.", place=place),
            _(
                "When a place becomes free it goes to the first on the list at once, and we write. "
                "You need do nothing until then."
            ),
        ],
        action=told.to_enrolment(),
        facts=told.facts(),
        further=[Action(_("Leave the waiting list"), told.withdrawing().url)],
    )


@mail("called-off", Group.TAKING_PART)
def called_off(notice: Notice, reader: Reader) -> Mail | None:
    """Say that the institution no longer offers what the person was going to take part in."""
    told = occasion(notice, reader)
    if told is None or told.mine.run.offer.state is not State.ARCHIVED:
        return None
    if told.mine.standing not in rules.MAY_WITHDRAW:
        return None
    return Mail(
        subject=_("It will not take place: %(title)s", title=told.title),
        paragraphs=[
            _(
                "%(institution)s has withdrawn “%(title)s”. You need do nothing.",
                institution=told.teacher,
                title=told.title,
            ),
            _("Perhaps another course or webinar on this issue suits you."),
        ],
        action=Action(_("Find learning"), told.catalogue_page()),
        after=_calendar_note(told),
        attachments=told.calendar() if rules.takes_part(told.mine) else [],
    )


def _has_place(told: Occasion) -> bool:
    """Tell whether the person takes part in something that is still to come or goes on."""
    run = told.mine.run
    over = is_over(run, run.offer.kind, told.reader.now)
    return rules.takes_part(told.mine) and is_visible(run.offer) and not over


def _next(told: Occasion) -> list[str]:
    """Say what happens next, in the order in which it does."""
    run = told.mine.run
    if told.coming:
        return [
            _("The file attached puts it into your calendar."),
            _("We remind you a day and an hour before. The doors open 15 minutes before."),
        ]
    if run.offer.address:
        return [
            _(
                "The course is at %(institution)s, which may ask for an account of its own. "
                "We ask you later how it went.",
                institution=told.teacher,
            )
        ]
    return [_("The institution sees that you are enrolled, and says how you take part.")]


def _leaving_is_easy() -> str:
    return _("If it does not suit you after all, withdraw: somebody else is glad of the place.")


def _calendar_note(told: Occasion) -> list[str]:
    if not told.mine.run.meetings or not rules.takes_part(told.mine):
        return []
    return [_("The file attached takes it out of your calendar.")]
