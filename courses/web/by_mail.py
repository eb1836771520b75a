"""What a link in a mail opens without signing in: withdraw, say how it was, say how far one got.

Looking at a page uses nothing up; the button on it does.
"""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from academy.access import public
from academy.db import unit_of_work, utcnow
from academy.errors import Invalid
from academy.i18n import current_language, own_text
from academy.i18n import gettext as _
from academy.tokens.models import Purpose, Token
from academy.tokens.operations import use_token
from academy.tokens.queries import open_token
from academy.web.forms import Form
from courses.catalogue.rules import has_begun, is_visible
from courses.enrolment import operations as enrolment
from courses.enrolment import queries, rules
from courses.enrolment.models import Enrolment, Progress
from courses.web import phrases, reviews
from courses.web.blueprint import bp
from courses.web.dates import run_dates
from courses.web.taking_part import page_after, withdrawn


@bp.get("/withdraw/<token>")
@public
def withdraw_by_mail(token: str) -> str:
    """Show what one withdraws from, and the button."""
    mine = _enrolment(_looked_at(token, Purpose.WITHDRAW))
    return render_template(
        "courses/withdraw.html",
        action=url_for("courses.withdraw_by_mail_post", token=token),
        waits=rules.waits(mine),
        gone=mine.standing not in rules.MAY_WITHDRAW,
        dates=run_dates(mine.run),
        offer=_offer(mine),
    )


@bp.post("/withdraw/<token>")
@public
def withdraw_by_mail_post(token: str) -> Response:
    """Give the place back of the person to whom the link was mailed."""
    with unit_of_work():
        used = use_token(token, Purpose.WITHDRAW, now=utcnow())
        mine = _enrolment(used)
        enrolment.withdraw(used.person, mine.run, now=utcnow())
        page = page_after(mine.run)
    flash(withdrawn(), "ok")
    return redirect(page, 303)


@bp.get("/feedback/<token>")
@public
def review_by_mail(token: str) -> str:
    """Show the form of a review to the person to whom the link was mailed."""
    found = _looked_at(token, Purpose.REVIEW)
    return reviews.form_page(_enrolment(found).run, found.person)


@bp.post("/feedback/<token>")
@public
def review_by_mail_post(token: str) -> Response | tuple[str, int]:
    """Keep what the person says; the link has then done its work."""
    form = Form.read(reviews.ReviewSchema())
    if form.sound:
        with unit_of_work():
            used = use_token(token, Purpose.REVIEW, now=utcnow())
            return reviews.keep(form, _enrolment(used).run, used.person)
    found = _looked_at(token, Purpose.REVIEW)
    return reviews.form_page(_enrolment(found).run, found.person, form), 422


@bp.get("/progress/<token>")
@public
def progress_by_mail(token: str) -> str:
    """Ask how far the person got to whom the link was mailed."""
    mine = _enrolment(_looked_at(token, Purpose.REVIEW))
    labels = {
        Progress.FINISHED: _("I finished"),
        Progress.STARTED: _("I am still at it"),
        Progress.STOPPED: _("I stopped"),
    }
    return render_template(
        "courses/progress.html",
        action=url_for("courses.progress_by_mail_post", token=token),
        answers=[{"label": label, "value": said.value} for said, label in labels.items()],
        told=phrases.PROGRESS[mine.progress] if mine.progress in rules.DECLARED else None,
        offer=_offer(mine),
    )


@bp.post("/progress/<token>")
@public
def progress_by_mail_post(token: str) -> Response:
    """Keep how far the person got, and ask who finished how it was; twice is once.

    The link is not used up by this: it still opens the form of the review.
    """
    said = request.form.get("progress", "")
    if said not in rules.DECLARED:
        raise Invalid({"progress": _("Choose one of the answers.")})
    with unit_of_work():
        mine = _enrolment(open_token(token, Purpose.REVIEW, now=utcnow()))
        enrolment.declare(mine, Progress(said), now=utcnow())
        asked = said == Progress.FINISHED and has_begun(mine.run, utcnow())
        page = url_for("courses.review_by_mail", token=token) if asked else page_after(mine.run)
    flash(_("Noted. Thank you for telling."), "ok")
    return redirect(page, 303)


def _looked_at(token: str, purpose: Purpose) -> Token:
    """Find what the link opens; the page is for one person, and for no search engine.

    Raises TokenUnknown, TokenUsed or TokenExpired.
    """
    g.private = g.noindex = True
    return open_token(token, purpose, now=utcnow())


def _enrolment(token: Token) -> Enrolment:
    return queries.enrolment_by_reference(token.subject, token.person)


def _offer(mine: Enrolment) -> dict[str, Any]:
    offer = mine.run.offer
    url = url_for("courses.offer", slug=offer.slug) if is_visible(offer) else None
    return {"title": own_text(offer.titles, current_language()), "url": url}
