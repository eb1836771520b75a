"""Mails about what stewards decided: a review that is hidden, a concern that is settled."""

from __future__ import annotations

from flask import url_for

from academy.errors import Missing
from academy.i18n import current_language, own_text
from academy.i18n import gettext as _
from academy.notices.composing import Action, Mail, Reader, mail
from academy.notices.models import Group, Notice
from academy.web.pages import absolute
from courses.catalogue.models import Offer
from courses.catalogue.queries import offers_by_id
from courses.catalogue.rules import is_visible
from courses.feedback.concerns import concern_told_of
from courses.feedback.models import ReviewState
from courses.feedback.queries import review_by_reference


@mail("review-hidden", Group.FEEDBACK)
def review_hidden(notice: Notice, reader: Reader) -> Mail | None:
    """Tell somebody that nobody reads their review any more, and why."""
    try:
        review = review_by_reference(notice.details["review"])
    except Missing:
        return None
    if review.state is not ReviewState.HIDDEN or reader.person is None:
        return None
    offer = offers_by_id([review.run.offer_id])[review.run.offer_id]
    title = _title(offer)
    reason = [(_("Reason"), review.reason)] if review.reason else []
    page = url_for("courses.review", reference=review.run.reference)
    return Mail(
        subject=_("Your feedback on “%(title)s” is not shown", title=title),
        paragraphs=[
            _("What you said of “%(title)s” is not shown to others.", title=title),
            _("You can change it. Somebody then reads it again."),
        ],
        facts=reason,
        action=Action(_("Change what you said"), absolute(page)),
    )


@mail("concern-settled", Group.FEEDBACK)
def concern_settled(notice: Notice, reader: Reader) -> Mail | None:
    """Tell somebody what became of what they found wrong."""
    concern = concern_told_of(notice.details["concern"])
    if concern is None or concern.settled_at is None or reader.person is None:
        return None
    title = _title(concern.offer)
    page = absolute(url_for("courses.offer", slug=concern.offer.slug))
    action = Action(_("Look at it"), page) if is_visible(concern.offer) else None
    return Mail(
        subject=_("What you told us about “%(title)s”", title=title),
        paragraphs=[
            _("You told us that something was wrong with “%(title)s”. Thank you.", title=title),
            _("We have looked at it."),
        ],
        facts=[(_("Answer"), concern.answer)] if concern.answer else [],
        action=action,
    )


def _title(offer: Offer) -> str:
    return own_text(offer.titles, current_language()).text
