"""Mails in which an institution writes to those who take part in a run."""

from __future__ import annotations

from flask import url_for

from academy.accounts.rules import is_email
from academy.i18n import gettext as _
from academy.notices.composing import Action, Mail, Reader, mail
from academy.notices.models import Group, Notice
from academy.web.pages import absolute
from courses.catalogue.rules import is_visible
from courses.enrolment.rules import takes_part
from courses.notices.occasion import Occasion, occasion
from courses.webinars.queries import message_by_reference


@mail("run-message", Group.MESSAGES)
def run_message(notice: Notice, reader: Reader) -> Mail | None:
    """Hand on what the institution wrote; to nobody who has left the run meanwhile.

    The message is in its own language, what stands around it in the reader's.
    """
    told = occasion(notice, reader)
    message = message_by_reference(notice.details["message"])
    if told is None or message is None or not takes_part(told.mine):
        return None
    contact = told.mine.run.offer.contact
    reply_to = contact if is_email(contact) else ""
    opening = _(
        "%(institution)s writes to all who are registered for “%(title)s”:",
        institution=told.teacher,
        title=told.title,
    )
    answers = _("If you answer this mail, your answer goes to %(address)s.", address=reply_to)
    return Mail(
        subject=_(
            "%(institution)s: %(subject)s", institution=told.teacher, subject=message.subject
        ),
        paragraphs=[opening, *(one for one in message.text.split("\n\n") if one.strip())],
        action=_way(told),
        after=[answers] if reply_to else [],
        reply_to=reply_to,
    )


def _way(told: Occasion) -> Action:
    """Lead to the offer; one that was withdrawn is on the page of the enrolment alone."""
    offer = told.mine.run.offer
    if not is_visible(offer):
        return told.to_enrolment()
    return Action(_("See the page"), absolute(url_for("courses.offer", slug=offer.slug)))
