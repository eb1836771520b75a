"""Mails that ask: how it was, and how far somebody got at a partner's."""

from __future__ import annotations

from academy.i18n import gettext as _
from academy.notices.composing import Action, Mail, Reader, mail
from academy.notices.models import Group, Notice
from academy.tokens.models import Purpose
from courses.catalogue.rules import is_visible
from courses.enrolment import rules
from courses.feedback.queries import review_of
from courses.notices.occasion import Occasion, occasion
from courses.webinars.rules import is_held


@mail("review-asked", Group.FEEDBACK)
def review_asked(notice: Notice, reader: Reader) -> Mail | None:
    """Ask how it was, once, by a link that opens the form without signing in."""
    told = occasion(notice, reader)
    if told is None or not _can_say(told):
        return None
    return Mail(
        subject=_("How was it? %(title)s", title=told.title),
        paragraphs=[
            _("You took part in “%(title)s”.", title=told.title),
            _(
                "Would you send a colleague? Four questions, answered in a minute, help people in "
                "other cities to choose. Your name is not shown."
            ),
        ],
        action=Action(_("Say how it was"), told.by_token("review_by_mail", Purpose.REVIEW)),
        facts=[(_("Institution"), told.teacher)],
        after=[_("The link is yours alone and works once. Later you can change what you said.")],
    )


@mail("progress-asked", Group.FEEDBACK)
def progress_asked(notice: Notice, reader: Reader) -> Mail | None:
    """Ask how far somebody got at the partner's, once, by a link that needs no sign-in."""
    told = occasion(notice, reader)
    if told is None or not _can_say(told) or told.mine.progress in rules.SETTLED:
        return None
    return Mail(
        subject=_("How far did you get? %(title)s", title=told.title),
        paragraphs=[
            _(
                "Six weeks ago you left for “%(title)s” at %(institution)s.",
                title=told.title,
                institution=told.teacher,
            ),
            _("Have you finished, are you still at it, or did you stop? One click says it."),
        ],
        action=Action(_("Say how far I got"), told.by_token("progress_by_mail", Purpose.REVIEW)),
        after=[_("We ask this once.")],
    )


def _can_say(told: Occasion) -> bool:
    """Tell whether there is something to say that was not said: not of what was cancelled."""
    run, now = told.mine.run, told.reader.now
    if not is_visible(run.offer) or not rules.took_part(told.mine, run, now):
        return False
    held = not run.meetings or any(is_held(one) for one in run.meetings)
    return held and review_of(told.person, run) is None
