"""One handler for everything that goes wrong: a page for people, problem+json for programs."""

from __future__ import annotations

import logging
import secrets
import sqlite3
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    jsonify,
    make_response,
    render_template,
    request,
    url_for,
)
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    InternalServerError,
    SecurityError,
    Unauthorized,
)

from academy.db import db
from academy.errors import Away, Conflict, Invalid, Missing, Refusal
from academy.i18n import current_language, direction
from academy.i18n import gettext as _
from academy.logs import path_template
from academy.web.pages import absolute, site
from academy.web.sending_again import can_send_again, page_to_send_again

log = logging.getLogger(__name__)

GONE = 410
SENTENCES: dict[int, tuple[LazyString, LazyString]] = {
    400: (
        _l("This request could not be read"),
        _l("The form may have been open for a long time. Go back, load the page again and retry."),
    ),
    401: (_l("Please sign in"), _l("This needs an account and a valid sign-in.")),
    403: (_l("Not for this account"), _l("Your account may not do this.")),
    404: (_l("There is no page here"), _l("The page may have moved, or the address has a slip.")),
    405: (_l("Not possible here"), _l("This address does not take that kind of request.")),
    409: (
        _l("That does not work now"),
        _l("Something changed in the meantime. Please look again."),
    ),
    410: (_l("This link is over"), _l("This link is too old. Please ask for a new one.")),
    413: (_l("Too large"), _l("What was sent is larger than this form takes.")),
    422: (_l("Please look again"), _l("Some answers need another look.")),
    429: (_l("Too many tries"), _l("Please wait a few minutes before you try again.")),
    500: (
        _l("Something went wrong on our side"),
        _l("Nothing you had saved is lost. Please try again; tell us if it happens twice."),
    ),
    503: (
        _l("Please try again soon"),
        _l("This part of the academy does not answer at the moment. Please try again soon."),
    ),
}


def answer_errors(app: Flask) -> None:
    """Give every error of the application its answer."""
    app.register_error_handler(CSRFError, _no_token)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(IntegrityError, _overtaken)
    app.register_error_handler(OperationalError, _unreachable)
    app.register_error_handler(RecursionError, _too_deep)
    app.register_error_handler(Exception, _unexpected)


def _refusal(refusal: Refusal) -> Response:
    extra: dict[str, Any] = {"code": refusal.code}
    if isinstance(refusal, Invalid) and refusal.fields:
        extra["errors"] = {name: str(text) for name, text in refusal.fields.items()}
    response = _answer(refusal.status, str(refusal.sentence), extra)
    if refusal.status == Unauthorized.code:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _overtaken(error: IntegrityError) -> Response:
    """Somebody else was faster: a constraint of the database stopped the second of two writers."""
    # Without the error itself: some databases repeat in it what people wrote.
    kind = type(error.orig).__name__
    log.warning("overtaken on %s %s by %s", request.method, path_template(), kind)
    db.session.rollback()
    return _refusal(Conflict())


def _unreachable(error: OperationalError) -> Response:
    """Ask for patience while another writer keeps the database; any other fault is ours."""
    if getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
        return _unexpected(error)
    db.session.rollback()
    response = _refusal(Away())
    response.headers["Retry-After"] = "5"
    return response


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    status = error.code or 500
    data = getattr(error, "data", None) or {}
    extra = {"errors": data["messages"]} if "messages" in data else {}
    # At an address that is not ours, no page of ours has an address.
    response = _answer(status, None, extra, bare=isinstance(error, SecurityError))
    for name, value in error.get_headers(request.environ):
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response


def _too_deep(error: RecursionError) -> Response:
    """Refuse a document that is nested too deep to be read; any other endless way is our fault."""
    return _http_error(BadRequest()) if request.is_json else _unexpected(error)


def _no_token(error: CSRFError) -> Response:
    """Let a form of ours that is too old be sent again; any other one could not be read."""
    if request.path.startswith("/api/") or not can_send_again():
        return _http_error(error)
    response = make_response(page_to_send_again())
    response.status_code = 400
    return response


def _unexpected(error: Exception) -> Response:
    reference = secrets.token_hex(4)
    log.error("error %s on %s %s", reference, request.method, path_template(), exc_info=error)
    db.session.rollback()
    try:
        return _answer(InternalServerError.code, None, {}, reference)
    except Exception:
        # What broke the request breaks the page around the error too: the database, as a rule.
        return _answer(InternalServerError.code, None, {}, reference, bare=True)


def _answer(
    status: int,
    sentence: str | None,
    extra: dict[str, Any],
    reference: str | None = None,
    *,
    bare: bool = False,
) -> Response:
    heading, usual = SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": str(heading), "status": status}
        problem |= {"detail": sentence or str(usual), **extra}
        if reference:
            problem["reference"] = reference
        response = jsonify(problem)
        response.content_type = "application/problem+json"
    else:
        made = _bare_page if bare else _page
        response = make_response(made(status, str(heading), sentence or str(usual), reference))
    response.status_code = status
    return response


def _page(status: int, heading: str, sentence: str, reference: str | None) -> str:
    # Who looked for something that is not here may find it from the first place of the site.
    further = [link.shown() for link in site().nav[:1]] if status == Missing.status else []
    if status == GONE:
        further = [{"label": _("Sign in"), "url": url_for("accounts.sign_in")}]
    back = _where_from()
    if back and status == Conflict.status:
        further.append({"label": _("Go back"), "url": back})
    return render_template(
        "errors/problem.html",
        status=status,
        heading=heading,
        sentence=sentence,
        reference=reference,
        actions=[{"label": _("To the front page"), "url": f"/{current_language()}/"}, *further],
    )


def _where_from() -> str | None:
    """Give the path of the page the visitor comes from, when it is one of ours."""
    came = urlsplit(request.referrer or "")
    return came.path if came.netloc == request.host and came.path else None


def _bare_page(_status: int, heading: str, sentence: str, reference: str | None) -> str:
    """Make a page without what every page shares: that asks the database, and for addresses."""
    language = current_language()
    return current_app.jinja_env.get_template("errors/bare.html").render(
        language=language,
        direction=direction(language),
        heading=heading,
        sentence=sentence,
        reference=reference,
        home=absolute("/"),
    )
