"""The account: its address and password, and where the person is signed in."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from academy import cookies
from academy.access import current_person, signed_in
from academy.accounts import operations, queries
from academy.accounts.pages.blueprint import bp
from academy.accounts.pages.coming_in import signed_out_answer
from academy.db import unit_of_work, utcnow
from academy.i18n import gettext as _
from academy.notices.queries import dead_address
from academy.web.agents import readable_agent
from academy.web.moments import moment


@bp.get("/my/account")
@signed_in
def profile() -> str:
    """Show the account, and where its person is signed in."""
    person = current_person()
    mine = queries.token_hash(cookies.session_token() or "")
    sessions = [
        {
            "started": moment(session.started_at),
            "seen": moment(session.seen_at) if session.seen_at else None,
            "agent": readable_agent(session.agent),
            "current": session.token_hash == mine,
            "end_url": url_for("accounts.end_session", reference=session.reference),
        }
        for session in queries.open_sessions(person, now=utcnow())
    ]
    return render_template(
        "accounts/profile.html",
        open_sessions=sessions,
        email=person.email,
        mend_url=url_for("notices.preferences") if dead_address(person.email) else None,
        has_password=person.password_hash != "",
        address_url=url_for("accounts.change_address"),
        password_url=url_for("accounts.change_password"),
        tokens_url=url_for("accounts.api_tokens"),
        about_url=url_for("accounts.about"),
        data_url=url_for("privacy.data"),
        mails_url=url_for("notices.preferences"),
        sign_out_everywhere_url=url_for("accounts.sign_out_everywhere"),
    )


@bp.post("/my/account/sessions/<reference>/end")
@signed_in
def end_session(reference: str) -> Response:
    """Sign out one of the person's browsers."""
    with unit_of_work():
        operations.end_one_session(current_person(), reference)
    flash(_("That browser is signed out."), "ok")
    return redirect(url_for("accounts.profile"), 303)


@bp.post("/my/account/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> Response:
    """End all of the person's sessions, this one too."""
    with unit_of_work():
        operations.end_sessions(current_person())
    return signed_out_answer()
