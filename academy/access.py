"""Who is asking, and may they: access labels, server-side sessions, the login manager."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from flask import Flask, Request, Response, abort, current_app, g, redirect, request, url_for
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response as BaseResponse

from academy.accounts import queries
from academy.accounts.models import Person
from academy.config import Settings
from academy.db import utcnow
from academy.errors import Forbidden

P = ParamSpec("P")
T = TypeVar("T")
PUBLIC, SIGNED_IN, STEWARD = "public", "signed-in", "steward"

login_manager = LoginManager()


def _label(access: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    def wear(view: Callable[P, T]) -> Callable[P, T]:
        setattr(view, "access", access)  # noqa: B010 - mypy knows no attributes of functions
        return view

    return wear


public = _label(PUBLIC)
signed_in = _label(SIGNED_IN)
steward = _label(STEWARD)


def person_or_none() -> Person | None:
    """Tell who is asking, or None for a visitor who has not signed in."""
    user = current_user
    return cast(Person, user._get_current_object()) if user.is_authenticated else None


def current_person() -> Person:
    """Tell who is asking, loaded in the transaction that is open now.

    Raises Forbidden when nobody is signed in.
    """
    token = request.cookies.get(session_cookie())
    person = queries.person_of_session(token, now=utcnow()) if token else None
    if person is None:
        raise Forbidden
    return person


def session_cookie() -> str:
    """Name the session cookie; the __Host- prefix pins it to this host where https is used."""
    settings: Settings = current_app.config["SETTINGS"]
    return "__Host-academy" if settings.secure_cookies else "academy"


def session_token() -> str | None:
    """Give the secret of the visitor's own session, if they brought one."""
    return request.cookies.get(session_cookie())


def remember_session(response: Response, token: str) -> None:
    """Hand the session's secret to the browser."""
    settings: Settings = current_app.config["SETTINGS"]
    response.set_cookie(
        session_cookie(),
        token,
        max_age=settings.session_days * 86_400,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def forget_session(response: Response) -> None:
    """Take the session's secret back from the browser."""
    settings: Settings = current_app.config["SETTINGS"]
    response.delete_cookie(
        session_cookie(), secure=settings.secure_cookies, httponly=True, samesite="Lax"
    )


def _person_of_request(_request: Request) -> Person | None:
    token = session_token()
    if token is None:
        return None
    g.private = True
    return queries.person_of_session(token, now=utcnow())


def _check_label() -> BaseResponse | None:
    """Let a request through only where the view's label allows it; no label lets nobody in."""
    if request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    access = getattr(view, "access", None) or ("public" if request.endpoint == "static" else None)
    if access == PUBLIC:
        return None
    person = person_or_none()
    if access == SIGNED_IN and person is not None:
        return None
    if access == STEWARD and person is not None and person.is_steward:
        return None
    if person is not None or access is None:
        raise Forbidden
    return _ask_to_sign_in()


def _ask_to_sign_in() -> BaseResponse:
    if request.path.startswith("/api/"):
        abort(401)
    back = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("accounts.sign_in", next=back or None), 303)


def guard_access(app: Flask) -> None:
    """Recognise people by their session row, and hold every request to its view's label."""
    # Flask-Login would ask a cookie of its own before our session: a name no browser can send.
    app.config["REMEMBER_COOKIE_NAME"] = "="
    login_manager.init_app(app)
    login_manager.session_protection = None
    login_manager.request_loader(_person_of_request)
    app.before_request(_check_label)
