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
from academy.accounts.models import Person
from academy.announcements.queries import shown_at
from academy.config import Settings
from academy.db import utcnow
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
    text_in,
)
from academy.web.indenting import Unindented
from academy.web.rendering import Direct, say

bp = Blueprint("site", __name__, template_folder="templates", static_folder=None, url_prefix=None)


@dataclass(slots=True)
class Link:
    """A place in the navigation: its words, the endpoint it leads to, and for whom it is.

    On a desk: how many things wait behind it, and the sentence that says so of a number.
    """

    label: LazyString
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)
    shown_to: Callable[[Person], bool] | None = None
    waiting: Callable[[], int] | None = None
    told: Callable[[int], str] | None = None

    def is_for(self, person: Person) -> bool:
        """Tell whether the person has any use for it."""
        return self.shown_to is None or self.shown_to(person)

    def shown(self) -> dict[str, Any]:
        """Give the link as the templates read it."""
        url = url_for(self.endpoint, **self.values)
        here = request.endpoint == self.endpoint and all(
            request.args.get(name) == value for name, value in self.values.items()
        )
        return {"label": self.label, "url": url, "current": here}


@dataclass(slots=True)
class Site:
    """What features add to every page.

    `sections` gives the parts of the network, `languages` those in which people learn: each code
    with its name, in the reader's language or the language's own.
    """

    nav: list[Link] = field(default_factory=list)
    account: list[Link] = field(default_factory=list)
    secretariat: list[Link] = field(default_factory=list)
    footer: list[tuple[LazyString, list[Link]]] = field(default_factory=list)
    has_samples: Callable[[], bool] = lambda: False
    sections: Callable[[], list[tuple[str, str]]] = list
    languages: Callable[[], list[tuple[str, str]]] = list


def site(app: Flask | None = None) -> Site:
    """Reach what the features have added to the pages."""
    found: Site = (app or current_app).extensions["site"]
    return found


@bp.get("/")
@public
def root() -> Response:
    """Lead from the bare address to the front page, in the language of the account if one is open.

    Everywhere else the address alone decides; nothing is remembered of who has not signed in.
    """
    person = person_or_none()
    known = person is not None and person.language in PUBLISHED
    language = person.language if person and known else preferred_language()
    response = redirect(f"/{language}/", 302)
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
        "links": [link.shown() for link in here.account if person and link.is_for(person)],
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
        "banners": [text_in(one.texts, current_language()) for one in shown_at(utcnow())],
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
    app.jinja_env.add_extension(Unindented)
    app.jinja_env.context_class = Direct
    app.jinja_env.globals["_"] = say
    app.context_processor(_every_page)
    app.register_blueprint(bp)
