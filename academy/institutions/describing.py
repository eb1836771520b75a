"""What an institution says of itself, written by its own people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l

from academy import audit
from academy.accounts.models import Person
from academy.db import db
from academy.errors import Invalid
from academy.i18n import Texts
from academy.institutions.models import Institution
from academy.text import clean_line, is_web_address

LONGEST_ABOUT = 2_000


@dataclass(frozen=True, slots=True)
class Description:
    """The profile of an institution, but for what stewards keep of it."""

    name: Texts
    about: Texts
    homepage: str
    contact: str
    city: str
    country: str | None


def describe(
    institution: Institution, description: Description, *, by: Person, now: datetime
) -> None:
    """Write the institution's profile anew; the log names the fields that changed.

    Refuses with Invalid where no name is left, or the homepage is no web address.
    """
    wanted = {
        "name": _cleaned(description.name, limit=300),
        "about": _cleaned(description.about, limit=LONGEST_ABOUT),
        "homepage": description.homepage,
        "contact": clean_line(description.contact, limit=254),
        "city": clean_line(description.city, limit=120),
        "country": description.country,
    }
    if not wanted["name"]:
        raise Invalid({"name": _l("Give the name in one language at least.")})
    if description.homepage and not is_web_address(description.homepage):
        raise Invalid({"homepage": _l("Write a whole web address, such as https://example.org.")})
    changed = [name for name, value in wanted.items() if getattr(institution, name) != value]
    for name in changed:
        setattr(institution, name, wanted[name])
    db.session.flush()
    if changed:
        thing = f"institution:{institution.slug}"
        audit.note("institution-described", thing, by=by, now=now, fields=changed)


def _cleaned(texts: Texts, *, limit: int) -> Texts:
    cleaned = {code: clean_line(text, limit=limit) for code, text in texts.items()}
    return {code: text for code, text in cleaned.items() if text}
