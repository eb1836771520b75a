"""Who is asking, and may they: access labels, server-side sessions, the login manager."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

from flask import (
    Flask,
    Request,
    current_app,
    flash,
    g,
    redirect,
    request,
    url_for,
)
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response as BaseResponse

from academy.accounts import queries
from academy.accounts.models import Person, PersonSession
from academy.accounts.rules import PROOF_LASTS
from academy.cookies import session_token
from academy.counting import count_wrong_bearer
from academy.db import utcnow
from academy.errors import Forbidden, Refusal
from academy.i18n import gettext as _
from academy.institutions.models import MemberRole
from academy.institutions.queries import institution_by_slug, role_in
from academy.institutions.rules import keeps_in_order
from academy.presence import Presence, keep_presence
from academy.tokens.models import ApiToken
from academy.tokens.queries import api_token_of

P = ParamSpec("P")
T = TypeVar("T")
PUBLIC, SIGNED_IN = "public", "signed-in"
STEWARD, SECTION_STEWARD = "steward", "section-steward"
API = "/api/"

login_manager = LoginManager()


@dataclass(frozen=True, slots=True)
class ForRoles:
    """A label for addresses with an <institution>: those who work for it in these roles.

    Its stewards may enter too.
    """

    roles: frozenset[MemberRole]


class TokenNeeded(Refusal):
    """The API was asked for something that needs a token, without one that opens anything."""

    status = 401
    code = "token-needed"
    sentence = _l("This needs a token of yours that is still good, in the Authorization header.")


class WrongScope(Forbidden):
    """The API token is not good for this."""

    code = "wrong-scope"
    sentence = _l("This token is not good for that. Make one with the scope that is needed.")


def _label(access: str | ForRoles) -> Callable[[Callable[P, T]], Callable[P, T]]:
    def wear(view: Callable[P, T]) -> Callable[P, T]:
        setattr(view, "access", access)  # noqa: B010 - mypy knows no attributes of functions
        return view

    return wear


public = _label(PUBLIC)
signed_in = _label(SIGNED_IN)
steward = _label(STEWARD)
section_steward = _label(SECTION_STEWARD)


def for_roles(roles: frozenset[MemberRole]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let in those who work in one of the roles for the <institution> of the address."""
    return _label(ForRoles(roles))


def scope(name: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Say which scope of an API token an address of the API asks for."""

    def ask(view: Callable[P, T]) -> Callable[P, T]:
        setattr(view, "scope", name)  # noqa: B010 - mypy knows no attributes of functions
        return view

    return ask


def fresh(view: Callable[P, T]) -> Callable[P, T | BaseResponse]:
    """Ask again who it is, unless they proved it in the last ten minutes.

    For what matters, directly below the label: address, password, tokens, the account itself.
    """

    @wraps(view)
    def ask(*args: P.args, **kwargs: P.kwargs) -> T | BaseResponse:
        presence: Presence | None = g.get("presence")
        proved = presence and presence.proved_at
        if not proved or proved <= utcnow() - PROOF_LASTS:
            return _ask_to_prove()
        return view(*args, **kwargs)

    return ask


def person_or_none() -> Person | None:
    """Tell who is asking, or None for a visitor who has not signed in."""
    user = current_user
    return cast(Person, user._get_current_object()) if user.is_authenticated else None


def current_person() -> Person:
    """Tell who is asking, loaded in the transaction that is open now.

    Raises Forbidden when nobody is signed in.
    """
    person = _person_by_what_they_hold()
    if person is None:
        raise Forbidden
    return person


def _person_by_what_they_hold() -> Person | None:
    """Find who holds the secret: programs bring a token to the API, browsers a session's cookie.

    The API never looks at cookies: so no other site can make a browser use it.
    """
    if request.path.startswith(API):
        found = api_token_of(bearer_secret() or "", now=utcnow())
        g.api_token = found
        g.presence = found and Presence(ApiToken, found.id, found.last_used_at)
        return found.person if found else None
    token = session_token()
    session = queries.session_of(token, now=utcnow()) if token else None
    g.presence = session and Presence(PersonSession, session.id, session.seen_at, session.proved_at)
    return session.person if session else None


def bearer_secret() -> str | None:
    """Give the API token of this request, from its header alone: addresses end up in logs."""
    authorization = request.authorization
    if authorization is None or authorization.type != "bearer":
        return None
    return authorization.token


def _person_of_request(_request: Request) -> Person | None:
    if session_token() is None and bearer_secret() is None:
        return None
    g.private = True
    return _person_by_what_they_hold()


def _check_label() -> BaseResponse | None:
    """Let a request through only where the view's label allows it; no label lets nobody in."""
    if request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    access = getattr(view, "access", None) or (PUBLIC if request.endpoint == "static" else None)
    if access == PUBLIC:
        return None
    person = person_or_none()
    if person is None and access is not None:
        return _ask_to_sign_in()
    if person is None or not _may_enter(person, access):
        raise Forbidden
    if request.path.startswith(API) and getattr(view, "scope", None) not in g.api_token.scopes:
        raise WrongScope
    return None


def _may_enter(person: Person, access: str | ForRoles | None) -> bool:
    if isinstance(access, ForRoles):
        institution = institution_by_slug((request.view_args or {})["institution"])
        role = role_in(person, institution)
        return role in access.roles or keeps_in_order(person, institution)
    if access == STEWARD:
        return person.is_steward_of_all
    return access == SIGNED_IN or (access == SECTION_STEWARD and person.is_steward)


def may_open(person: Person, endpoint: str) -> bool:
    """Tell whether the label of a page without an <institution> would let the person in."""
    access = getattr(current_app.view_functions[endpoint], "access", None)
    return access == PUBLIC or _may_enter(person, access)


def _ask_to_sign_in() -> BaseResponse:
    if request.path.startswith(API):
        if bearer_secret():
            count_wrong_bearer()
        raise TokenNeeded
    back = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("accounts.sign_in", next=back or None), 303)


def _ask_to_prove() -> BaseResponse:
    """Lead to the page that asks, and from there back to the form."""
    came = urlsplit(request.referrer or "")
    form = came.path if came.netloc == request.host else ""
    if request.method != "GET":
        flash(_("Nothing was changed yet. Please send the form again."), "info")
    back = request.full_path.rstrip("?") if request.method == "GET" else form
    return redirect(url_for("accounts.prove", next=back or None), 303)


def guard_access(app: Flask) -> None:
    """Recognise people by their session row, and hold every request to its view's label."""
    # Flask-Login would ask a cookie of its own before our session: a name no browser can send.
    app.config["REMEMBER_COOKIE_NAME"] = "="
    login_manager.init_app(app)
    login_manager.session_protection = None
    login_manager.request_loader(_person_of_request)
    app.before_request(_check_label)
    app.after_request(keep_presence)
