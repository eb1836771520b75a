"""What every answer carries and every form must bring: headers, CSRF, limits, redirects."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

from flask import Blueprint, Flask, Response, current_app, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect, generate_csrf
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.middleware.proxy_fix import ProxyFix

from academy.config import Settings
from academy.cookies import session_token

CSP = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
ONE_YEAR = 31_536_000
LARGEST_FORM = 1_000_000
SHORTEST_VISIT = timedelta(seconds=2)
"""Nobody writes a name and an address in less."""

P = ParamSpec("P")
T = TypeVar("T")

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, strategy="moving-window")


def _account_tried() -> str:
    """Name the account somebody tries, without keeping its address anywhere."""
    email = request.form.get("email", "").strip().lower()
    return hashlib.sha256(f"{get_remote_address()} {email}".encode()).hexdigest()


def _session_tried() -> str:
    """Name the session somebody tries with; for views that nobody else gets to."""
    return hashlib.sha256(f"session {session_token()}".encode()).hexdigest()


def _has_failed(response: Response) -> bool:
    return response.status_code >= 400


_by_account = limiter.shared_limit(
    "10 per 5 minutes", scope="account", key_func=_account_tried, methods=["POST"]
)
_by_session = limiter.shared_limit(
    "10 per 5 minutes", scope="session", key_func=_session_tried, methods=["POST"]
)
# A whole workshop may sit behind one address: the bar for a place is far higher.
_by_place = limiter.shared_limit("120 per 5 minutes", scope="place", methods=["POST"])
_sign_ups = limiter.shared_limit("120 per hour", scope="sign-up", methods=["POST"])
# Links that open do not count: only those that somebody guessed, or that are worth nothing now.
_wrong_links = limiter.shared_limit("20 per 5 minutes", scope="link", deduct_when=_has_failed)
_tellings = limiter.shared_limit("30 per hour", scope="telling", methods=["POST"])
_whole = limiter.shared_limit("60 per hour", scope="whole", methods=["GET"])


def credential_limit(view: Callable[P, T]) -> Callable[P, T]:
    """Slow down guessing: few tries an account from one place, and many from one place."""
    limited: Callable[P, T] = _by_place(_by_account(view))
    return limited


def session_limit(view: Callable[P, T]) -> Callable[P, T]:
    """Slow down who is signed in and asks for what matters again and again."""
    limited: Callable[P, T] = _by_session(view)
    return limited


def sign_up_limit(view: Callable[P, T]) -> Callable[P, T]:
    """Slow down who makes accounts by the hundred."""
    limited: Callable[P, T] = _sign_ups(view)
    return limited


def telling_limit(view: Callable[P, T]) -> Callable[P, T]:
    """Slow down who writes to the stewards again and again without an account."""
    limited: Callable[P, T] = _tellings(view)
    return limited


def whole_limit(view: Callable[P, T]) -> Callable[P, T]:
    """Limit how often somebody fetches all there is: once a minute is enough for anybody."""
    limited: Callable[P, T] = _whole(view)
    return limited


def link_limit(view: Callable[P, T]) -> Callable[P, T]:
    """Slow down guessing the links of mails."""
    limited: Callable[P, T] = _wrong_links(view)
    return limited


def token_limit(bp: Blueprint) -> None:
    """Slow down programs: so many requests a minute for each token, whatever they ask."""
    limiter.limit("300 per minute", key_func=_token_shown)(bp)


def _token_shown() -> str:
    """Name the API token of a request, without keeping it anywhere."""
    return hashlib.sha256(request.headers.get("Authorization", "").encode()).hexdigest()


def stamp() -> str:
    """Say when a form was shown, so that only we can have said it."""
    return _stamps().sign("shown").decode()


def took_their_time(stamped: str, *, now: datetime) -> bool:
    """Tell whether the form was shown long enough ago for a person to fill it in.

    Programs are slowed down where tries are counted; elsewhere everybody passes.
    """
    if not limiter.enabled:
        return True
    try:
        _words, shown_at = _stamps().unsign(stamped, return_timestamp=True)
    except BadSignature:
        return False
    return now - shown_at >= SHORTEST_VISIT


def _stamps() -> TimestampSigner:
    return TimestampSigner(current_app.secret_key or "", salt="form-shown")


def safe_next(target: str | None) -> str | None:
    """Return the target when it is a path of this site, else None.

    A path begins with one slash followed by a plain character: browsers read `//host`, `/\\host`
    and control characters as ways to another site.
    """
    if not target or len(target) > 2_000 or re.search(r"[\x00-\x20\\\x7f]", target):
        return None
    return target if re.match(r"/(?!/)", target) else None


def form_token() -> str:
    """Give the token a form must bring back; the page that carries it is for one person only."""
    g.private = True
    token: str = generate_csrf()
    return token


def takes_files(megabytes: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let a view take so much more than a form."""

    def wear(view: Callable[P, T]) -> Callable[P, T]:
        setattr(view, "largest", megabytes << 20)  # noqa: B010 - mypy knows no such attribute
        return view

    return wear


def _let_files_in() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    largest = getattr(view, "largest", 0)
    if largest:
        request.max_content_length = largest + LARGEST_FORM


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure or current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault(
            "Strict-Transport-Security", f"max-age={ONE_YEAR}; includeSubDomains"
        )
    return _say_who_may_keep_it(response)


def _say_who_may_keep_it(response: Response) -> Response:
    """Keep what is made for one person out of every shared cache."""
    if g.get("private") or response.headers.getlist("Set-Cookie"):
        response.headers["Cache-Control"] = "private, no-store"
        response.vary.add("Cookie")
    elif request.endpoint == "static" and request.args.get("v"):
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    elif response.status_code == 200 and request.method in {"GET", "HEAD"}:
        response.headers.setdefault("Cache-Control", "public, max-age=60")
        response.vary.update(("Cookie", "HX-Request"))
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def secure(app: Flask, settings: Settings) -> None:
    """Apply the security settings and hooks to the application."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-forms" if settings.secure_cookies else "forms",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=True,
        RATELIMIT_ENABLED=settings.rate_limits,
        RATELIMIT_STORAGE_URI=settings.limiter_storage,
        RATELIMIT_HEADERS_ENABLED=True,
    )
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    # Before anything reads the form: some pages take files.
    app.before_request(_let_files_in)
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(_add_headers)
    app.jinja_env.globals["csrf_token"] = form_token
