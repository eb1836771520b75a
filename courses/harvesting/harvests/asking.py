"""What a harvest asks its source: from where, since when, with which secrets."""

from __future__ import annotations

from datetime import datetime, timedelta

from academy.config import Settings
from academy.db import db
from academy.text import is_web_address
from courses.harvesting.adapting import ADAPTERS
from courses.harvesting.harvests.asked import Asked
from courses.harvesting.harvests.requesting import is_of
from courses.harvesting.models import Harvest
from courses.sources.credentials import credentials_of
from courses.sources.models import Source
from courses.sources.rules import check_may_be_read

WHOLE_EVERY = timedelta(days=7)
"""How often all of a source is read that tells what changed: only then is missing missing."""


def asked_for(harvest: Harvest, settings: Settings, *, now: datetime) -> tuple[Source, Asked]:
    """Say what the harvest asks for.

    Raises NotApproved for a source that must not be read, and CredentialsLost.
    """
    source = db.session.get_one(Source, harvest.source_id)
    check_may_be_read(source)
    return source, as_asked(source, settings, now=now, record=harvest.record)


def as_asked(source: Source, settings: Settings, *, now: datetime, record: str = "") -> Asked:
    """Say how the source is asked, or where it is one record, the page of that record."""
    credentials = credentials_of(source, settings)
    return Asked(
        source.adapter,
        source.address,
        _since(source, now),
        source.columns,
        defaults_of(source),
        source.zone,
        credentials.header if credentials else "",
        credentials.arguments if credentials else {},
        page_of(source, record),
        source.encoding,
        now.strftime("%Y-%m") if ADAPTERS[source.adapter].of_a_month else "",
    )


def _since(source: Source, now: datetime) -> datetime | None:
    stated = ADAPTERS[source.adapter].stated
    recent = source.whole_at is not None and now - source.whole_at < WHOLE_EVERY
    return source.cursor if stated and recent else None


def page_of(source: Source, record: str) -> str:
    """Give the page of a record, where records have their own and this is one of the site."""
    if not (ADAPTERS[source.adapter].crawls and is_web_address(record)):
        return ""
    return record if is_of(record, source.address) else ""


def defaults_of(source: Source) -> dict[str, str]:
    """Give what is said of all records of a source, and which zones its abbreviations mean."""
    told = {"language": source.default_language, "licence": source.default_licence}
    zones = {f"zone:{name}": zone for name, zone in source.zone_names.items()}
    return {name: value for name, value in told.items() if value} | zones
