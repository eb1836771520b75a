"""What every page shares: its language, its navigation, and the way to the stylesheet."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, current_app, g, get_flashed_messages, redirect, request, url_for
from flask import session as form_session
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from academy.access import person_or_none, public
from academy.config import Settings
from academy.i18n import (
    DEFAULT,
    LONGEST_ADDRESS,
    MOUNTED,
    PUBLISHED,
    autonym,
    current_language,
    direction,
    number,
    preferred_language,
    same_page_in,
)

bp = Blueprint("site", __name__, template_folder="templates", static_folder=None, url_prefix=None)


@dataclass(slots=True)
class Link:
    """A place in the navigation: its words and the endpoint it leads to."""

    label: LazyString
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        """Give the link as the templates read it."""
        url = url_for(self.endpoint, **self.values)
        here = request.endpoint == self.endpoint and all(
            request.args.get(name) == value for name, value in self.values.items()
        )
        return {"label": self.label, "url": url, "current": here}


@dataclass(slots=True)
class Site:
    """What features add to every page."""

    nav: list[Link] = field(default_factory=list)
    account: list[Link] = field(default_factory=list)
    footer: list[tuple[LazyString, list[Link]]] = field(default_factory=list)
    has_samples: Callable[[], bool] = lambda: False


def site(app: Flask | None = None) -> Site:
    """Reach what the features have added to the pages."""
    found: Site = (app or current_app).extensions["site"]
    return found


@bp.get("/")
@public
def root() -> Response:
    """Lead from the bare address to the front page in the visitor's language."""
    response = redirect(f"/{preferred_language()}/", 302)
    response.vary.update(("Accept-Language", "Cookie"))
    return response


def absolute(path: str) -> str:
    """Make the public address of a path."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.base_url + path


def _languages_shown() -> tuple[str, ...]:
    settings: Settings = current_app.config["SETTINGS"]
    return MOUNTED if settings.development else PUBLISHED


def _page_language() -> dict[str, Any]:
    language = current_language()
    alternates = [{"language": code, "url": absolute(same_page_in(code))} for code in PUBLISHED]
    default = {"language": "x-default", "url": absolute(same_page_in(DEFAULT))}
    return {
        "language": language,
        "direction": direction(language),
        "home": f"/{language}/",
        "noindex": language not in PUBLISHED or g.get("noindex", False),
        "canonical": g.get("canonical") or absolute(request.path[:LONGEST_ADDRESS]),
        "alternates": [*alternates, default] if language in PUBLISHED else [],
        "languages": [
            {
                "code": code,
                "autonym": autonym(code),
                "url": same_page_in(code),
                "current": code == language,
            }
            for code in _languages_shown()
        ],
    }


def _flashes() -> list[tuple[str, str]]:
    """Take the messages that wait; a page that shows some is for one person only."""
    if not request.cookies.get(current_app.config["SESSION_COOKIE_NAME"]):
        return []
    if "_flashes" in form_session:
        g.private = True
    found: list[Any] = list(get_flashed_messages(with_categories=True))
    return found


def _every_page() -> dict[str, Any]:
    person = person_or_none()
    here = site()
    account = {
        "links": [link.shown() for link in here.account],
        "sign_out_url": url_for("accounts.sign_out"),
    }
    footer = [
        {"heading": heading, "links": [link.shown() for link in links]}
        for heading, links in here.footer
    ]
    return {
        "ui": _page_language(),
        "person": person,
        "nav": [link.shown() for link in here.nav],
        "account_nav": account if person else None,
        "footer": footer,
        "sign_in_url": url_for("accounts.sign_in"),
        "sample": here.has_samples(),
        "flashes": _flashes(),
        "bare": "HX-Request" in request.headers,
    }


def _asset_addresses(static: Path) -> dict[str, str]:
    """Name each static file with the first of its digest, so that it may be kept for a year."""
    files = (path for path in static.rglob("*") if path.is_file())
    return {
        path.relative_to(static).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:10]
        for path in files
    }


def build_pages(app: Flask) -> None:
    """Add the platform's templates, static files and what every page shares."""
    app.extensions["site"] = Site(account=[Link(_l("Your account"), "accounts.profile")])
    digests = _asset_addresses(Path(app.static_folder or ""))

    def asset(name: str) -> str:
        return url_for("static", filename=name, v=digests.get(name, ""))

    app.jinja_env.globals["asset"] = asset
    app.jinja_env.filters["number"] = number
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_every_page)
    app.register_blueprint(bp)
