"""What every page of the stewards' desk shares: its heading, its sub-navigation, what waits.

A page of any blueprint may extend "secretariat/layout.html": it fills the blocks `title` and
`desk`, and sets `here` to its heading. Features add links with `site(app).secretariat.append`:
the label of the view behind a link decides which stewards see it.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, url_for

from academy.access import current_person, may_open
from academy.web.pages import Link, site

bp = Blueprint("secretariat", __name__, url_prefix="/<language:lang>/secretariat")


def open_links() -> list[Link]:
    """List the pages of the desk that the present steward may open."""
    person = current_person()
    return [link for link in site().secretariat if may_open(person, link.endpoint)]


def frame() -> dict[str, Any]:
    """Give what the layout shows; each link with the number of things that wait behind it."""
    rooms = [
        {**link.shown(), "waiting": link.waiting() if link.waiting else 0} for link in open_links()
    ]
    return {"url": url_for("secretariat.front"), "rooms": rooms}


def add_frame(app: Flask) -> None:
    """Let the layout ask for what it shows."""
    app.jinja_env.globals["secretariat_frame"] = frame
