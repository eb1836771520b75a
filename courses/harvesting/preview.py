"""A reading for trial: what it would do, record by record, and nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from courses.catalogue.models import Offer
from courses.editing.fields import Changes
from courses.harvesting.draft import Finding
from courses.vocabularies.models import Term

SHOWN = 20
"""Records that are told one by one."""


class Outcome(StrEnum):
    """What would become of a record."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Tried:
    """One record as it would become, and what differs from what the offer says now."""

    line: int
    external_id: str
    outcome: Outcome
    title: str = ""
    kind: str = ""
    languages: Sequence[str] = ()
    address: str = ""
    starts_at: datetime | None = None
    terms: Sequence[Term] = ()
    findings: Sequence[Finding] = ()
    differences: Changes = field(default_factory=dict)
    twins: Sequence[Offer] = ()
    """Offers of others that seem to be the same."""


@dataclass
class Preview:
    """What a reading would do. With a `code`, it would fail, and `details` go with its sentence."""

    records: list[Tried] = field(default_factory=list)
    counts: Counter[Outcome] = field(default_factory=Counter)
    unmapped: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    more: bool = False
    """Whether there are pages that were not looked at."""

    code: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
