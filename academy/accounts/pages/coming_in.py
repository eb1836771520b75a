"""How a page signs somebody in or out, whichever way they came."""

from __future__ import annotations

from datetime import datetime

from flask import current_app, flash, make_response, redirect, request, url_for
from flask import session as form_session
from werkzeug.wrappers import Response

from academy import cookies
from academy.accounts import operations
from academy.accounts.joining import Arrival, mark_of
from academy.accounts.models import Person
from academy.accounts.rules import MAIL_PAUSE, email_key
from academy.config import Settings
from academy.db import utcnow
from academy.i18n import current_language
from academy.i18n import gettext as _
from academy.privacy.operations import agree
from academy.security import safe_next
from academy.tokens.models import Purpose

ASKED = "asked"
LONGEST_WAY = 254
"""Characters of an address that a mail can lead on to: what a token's subject holds."""


def begin_session(person: Person) -> str:
    """Start a session under a new secret, in the unit of work that is open; returns the secret.

    Whatever the browser held before is worth nothing.
    """
    settings: Settings = current_app.config["SETTINGS"]
    old = cookies.session_token()
    if old:
        operations.end_session(old)
    agent = request.user_agent.string
    return operations.start_session(person, agent=agent, days=settings.session_days, now=utcnow())


def signed_in_answer(secret: str, target: str | None) -> Response:
    """Lead on to a path of ours, or to My learning, and hand the secret to the browser."""
    flashes = form_session.pop("_flashes", None)
    form_session.clear()
    if flashes:
        form_session["_flashes"] = flashes
    response = make_response(redirect(safe_next(target) or _home(), 303))
    cookies.remember_session(response, secret)
    return response


def begin_by_mail(arrival: Arrival) -> str:
    """Start a session for who came in by mail; with a new account they agree to the papers."""
    if arrival.purpose is Purpose.CONFIRM:
        agree(arrival.person, language=current_language(), now=utcnow())
    return begin_session(arrival.person)


def came_in_answer(secret: str, arrival: Arrival, target: str | None = None) -> Response:
    """Lead on who came in by mail: by way of a new password, when the one they had is gone."""
    way = safe_next(target or arrival.way_on) or _home()
    if arrival.password_gone:
        flash(
            _(
                "Your address is confirmed. For your safety the password chosen at sign-up does "
                "not count, for it was chosen in another browser. Choose one now, or sign in by "
                "mail from now on."
            ),
            "info",
        )
        way = url_for("accounts.change_password", next=way)
    return signed_in_answer(secret, way)


def signed_out_answer() -> Response:
    """Lead to the front page, and take everything back from the browser."""
    form_session.clear()
    response = make_response(redirect(f"/{current_language()}/", 303))
    cookies.forget_session(response)
    return response


def way_on(target: str | None) -> str:
    """Give what a mail keeps of where somebody was going; nothing when that is too long."""
    return target if target and len(target) <= LONGEST_WAY else ""


def remember_asked(email: str, *, password_hash: str = "") -> None:
    """Keep in the browser which address has just been written to, so that it is not typed twice.

    And the mark of the password that somebody has chosen, or known, here.
    """
    chosen = mark_of(password_hash) or chosen_here()
    asked = {"email": email.strip(), "at": utcnow().isoformat(), "chosen": chosen}
    form_session[ASKED] = asked


def chosen_here() -> str:
    """Give the mark of the password that was chosen, or known, in this browser; "" for none."""
    return str(form_session.get(ASKED, {}).get("chosen", ""))


def asked_email() -> str:
    """Give the address that this browser has had a mail sent to."""
    return str(form_session.get(ASKED, {}).get("email", ""))


def has_just_asked(email: str) -> bool:
    """Tell whether this browser has had a mail sent to the address in the last minute."""
    asked = form_session.get(ASKED, {})
    if email_key(asked.get("email", "")) != email_key(email):
        return False
    return datetime.fromisoformat(asked["at"]) > utcnow() - MAIL_PAUSE


def _home() -> str:
    return f"/{current_language()}/my"
