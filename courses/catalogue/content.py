"""An offer as it is handed in: by a harvest, the demonstration network, later by forms.

A fifth file in this room because every door that fills the catalogue shares this one shape.
A field that is None says nothing, and what was stored before stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from academy.i18n import Texts
from courses.catalogue.models import Certificate, Cost, Delivery, Kind, Level, Pace
from courses.catalogue.texts import LanguageOrigin, LanguageRole, TextOrigin


@dataclass(frozen=True, slots=True)
class TextContent:
    """What the offer says of itself in one language; the description may be any HTML."""

    language: str
    title: str
    summary: str | None = None
    description: str | None = None
    origin: TextOrigin = TextOrigin.ORIGINAL


@dataclass(frozen=True, slots=True)
class LanguageContent:
    """A language the offer uses."""

    code: str
    role: LanguageRole = LanguageRole.TAUGHT
    origin: LanguageOrigin = LanguageOrigin.DECLARED


@dataclass(frozen=True, slots=True)
class MeetingContent:
    """A live hour; one whose uid is known is that meeting, wherever it stands."""

    starts_at: datetime
    ends_at: datetime
    title: Texts = field(default_factory=dict)
    recording: str = ""
    uid: str | None = None
    join_link: str | None = None
    cancelled: bool | None = None


@dataclass(frozen=True, slots=True)
class RunContent:
    """One edition; without a start it is always open."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    enrol_until: datetime | None = None
    zone: str = "UTC"
    capacity: int | None = None
    meetings: Sequence[MeetingContent] = ()
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class OfferContent:
    """The whole of what can be said about an offer; term_ids are keys of terms."""

    kind: Kind
    language: str
    texts: Sequence[TextContent]
    languages: Sequence[LanguageContent]
    term_ids: Sequence[int] | None = None
    provider: str | None = None
    address: str | None = None
    contact: str | None = None
    audience: Texts | None = None
    delivery: Delivery | None = None
    pace: Pace | None = None
    level: Level | None = None
    cost: Cost | None = None
    certificate: Certificate | None = None
    licence: str | None = None
    workload_minutes: int | None = None
    workload: str | None = None
    data_mb: int | None = None
    data_mb_light: int | None = None
    runs: Sequence[RunContent] = ()
