"""Pages of privacy: the notice, the terms, one's own data, and leaving for good."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from academy import audit, cookies
from academy.access import current_person, fresh, person_or_none, public, signed_in
from academy.config import Settings
from academy.db import unit_of_work, utcnow
from academy.i18n import current_language
from academy.i18n import gettext as _
from academy.privacy import operations
from academy.privacy.archive import archive
from academy.privacy.models import Policy
from academy.privacy.queries import policies_due, rows_about
from academy.privacy.registry import OnErasure, everything_kept
from academy.privacy.rules import VERSIONS
from academy.security import safe_next, session_limit
from academy.web.forms import Form
from academy.web.moments import moment

bp = Blueprint("privacy", __name__, url_prefix="/<language:lang>")

ON_ERASURE = {
    OnErasure.DELETED: _l("Deleted"),
    OnErasure.EMPTIED: _l("Emptied of everything personal"),
    OnErasure.KEPT: _l("Kept without your name"),
}
YES = "yes"


class ErasingSchema(Schema):
    """What erasing takes: that somebody means it."""

    sure = fields.String(
        required=True,
        validate=validate.Equal(YES),
        error_messages={"required": _l("Tick this if you are sure.")},
    )


@bp.get("/privacy")
@public
def notice() -> str:
    """Show the privacy notice, made of what is really kept."""
    rows = [
        {"what": one.what, "how_long": one.how_long, "after": ON_ERASURE[one.on_erasure]}
        for one in everything_kept()
    ]
    return _paper("privacy/notice.html", Policy.PRIVACY, kept=rows)


@bp.get("/terms")
@public
def terms() -> str:
    """Show the terms."""
    return _paper("privacy/terms.html", Policy.TERMS)


@bp.post("/my/agreement")
@signed_in
def agree() -> Response:
    """Write down that the person agrees to the papers in force."""
    with unit_of_work():
        operations.agree(current_person(), language=current_language(), now=utcnow())
    flash(_("Thank you. It is noted."), "ok")
    return redirect(safe_next(request.args.get("next")) or url_for("accounts.profile"), 303)


@bp.get("/my/data")
@signed_in
def data() -> str:
    """Show what is kept of the person, how many rows of each, and the ways out."""
    tables = rows_about(current_person(), everything_kept())
    whats = {(one.name, one.subject): one for one in everything_kept() if one.exported}
    counted = zip(whats.values(), tables.values(), strict=True)
    return render_template(
        "privacy/data.html",
        rows=[{"what": one.what, "count": len(rows)} for one, rows in counted],
        download_url=url_for("privacy.download"),
        erase_url=url_for("privacy.erase"),
        notice_url=url_for("privacy.notice"),
    )


@bp.post("/my/data/download")
@signed_in
@fresh
@session_limit
def download() -> Response:
    """Hand out everything that is kept of the person."""
    with unit_of_work():
        person = current_person()
        tables = rows_about(person, everything_kept())
        audit.note("data-downloaded", f"person:{person.reference}", by=person, now=utcnow())
    g.private = True
    response = make_response(archive(tables, made_at=utcnow()))
    response.content_type = "application/zip"
    response.headers["Content-Disposition"] = 'attachment; filename="urban-academy-my-data.zip"'
    return response


@bp.get("/my/account/erase")
@signed_in
@fresh
def erase() -> str:
    """Say what erasing does, and ask whether the person is sure."""
    return _erase_page(Form(action=request.path))


@bp.post("/my/account/erase")
@signed_in
@fresh
def erase_post() -> Response | tuple[str, int]:
    """Erase the person."""
    form = Form.read(ErasingSchema())
    with form.refusals_shown():
        if form.sound:
            follows = current_app.extensions["erasing"]
            with unit_of_work():
                person = current_person()
                operations.erase(person, everything_kept(), follows=follows, now=utcnow())
            response = make_response(redirect(url_for("privacy.erased"), 303))
            cookies.forget_session(response)
            return response
    return _erase_page(form), 422


@bp.get("/erased")
@public
def erased() -> str:
    """Say goodbye."""
    g.noindex = True
    return render_template("privacy/erased.html")


def papers_due() -> dict[str, Any] | None:
    """Tell what a page says to somebody who has not agreed to the papers in force."""
    person = person_or_none()
    if person is None or not policies_due(person):
        return None
    back = request.path if request.method == "GET" else None
    return {
        "terms_url": url_for("privacy.terms"),
        "notice_url": url_for("privacy.notice"),
        "agree_url": url_for("privacy.agree", next=back),
    }


def _paper(template: str, policy: Policy, **more: Any) -> str:
    settings: Settings = current_app.config["SETTINGS"]
    contact = settings.mail_reply_to or settings.mail_from
    return render_template(template, version=VERSIONS[policy], contact=contact, **more)


def _erase_page(form: Form) -> str:
    return render_template("privacy/erase.html", form=form, asked_at=moment(utcnow()))
