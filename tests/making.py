"""Making what tests need through the operations that people use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from academy.accounts import operations as accounts
from academy.accounts.models import Person
from academy.config import Settings
from academy.db import db, unit_of_work
from academy.institutions import operations as institutions
from academy.institutions.models import Institution
from courses.catalogue import operations as catalogue
from courses.catalogue.content import LanguageContent, OfferContent, RunContent, TextContent
from courses.catalogue.models import Cost, Kind, Offer
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import vocabularies

KEY = "tests-are-read-by-people-0123456789-abcdefghij"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PASSWORD = "four quiet words here"
_hashed = cache(accounts.hash_password)
"""Hashed once for everybody: that takes long by design."""


def settings_for(home: Path, **changes: Any) -> Settings:
    """Settings of an academy in a folder; rate limits and meaning are off unless asked for."""
    usual: dict[str, Any] = {
        "secret_key": KEY,
        "home": home,
        "base_url": "http://localhost",
        "trusted_hosts": ("localhost", "127.0.0.1"),
        "rate_limits": False,
        "meaning": False,
    }
    return Settings(**(usual | changes))


def make_person(
    email: str = "ana@example.org", *, name: str = "Ana", now: datetime = NOW
) -> Person:
    """Make an account whose password is PASSWORD."""
    hashed = _hashed(PASSWORD)
    with unit_of_work():
        return accounts.sign_up(email, name=name, password_hash=hashed, language="en", now=now)


def make_institution(slug: str = "river-school", *, name: str = "River School") -> Institution:
    """Make an institution, or find the one that has this address."""
    found = db.session.query(Institution).filter_by(slug=slug).one_or_none()
    if found is not None:
        return found
    with unit_of_work():
        return institutions.add_institution(slug, name={"en": name}, now=NOW)


def content(
    title: str = "Water for all",
    *,
    language: str = "en",
    kind: Kind = Kind.COURSE,
    issues: Sequence[str] = ("water",),
    methodologies: Sequence[str] = ("self-paced",),
    audiences: Sequence[str] = (),
    runs: Sequence[RunContent] = (RunContent(),),
    **more: Any,
) -> OfferContent:
    """Make the content of an offer with the terms of these codes."""
    by_code = vocabularies().by_code
    codes = [(Vocabulary.ISSUE, code) for code in issues]
    codes += [(Vocabulary.METHODOLOGY, code) for code in methodologies]
    codes += [(Vocabulary.AUDIENCE, code) for code in audiences]
    summary = more.pop("summary", None)
    description = more.pop("description", "")
    return OfferContent(
        kind=kind,
        language=language,
        texts=[TextContent(language, title, summary, description)],
        languages=more.pop("languages", [LanguageContent(language)]),
        term_ids=[by_code[key].id for key in codes],
        cost=more.pop("cost", Cost.FREE),
        contact=more.pop("contact", "school@example.org"),
        runs=runs,
        **more,
    )


def make_offer(
    title: str = "Water for all",
    *,
    institution: str = "river-school",
    now: datetime = NOW,
    **more: Any,
) -> Offer:
    """Make and publish an offer; keywords are those of `content`."""
    make_institution(institution)
    with unit_of_work():
        place = db.session.query(Institution).filter_by(slug=institution).one()
        [address] = catalogue.free_slugs([title])
        offer = catalogue.add_offer(place, content(title, **more), address=address, now=now)
        catalogue.publish(offer, now=now)
        return offer
