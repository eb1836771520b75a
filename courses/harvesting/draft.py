"""What adapters give: a feed in, drafts and findings out. No database, no network."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from academy.i18n import Texts
from courses.catalogue.content import LanguageContent, RunContent, TextContent
from courses.catalogue.models import Certificate, Cost, Delivery, Kind, Level, Pace
from courses.vocabularies.models import Term, Vocabulary

LONGEST_ID = 500
MOST_FINDINGS = 20
AUDIENCE = Vocabulary.AUDIENCE.value
"""The codes of a draft that say for whom it is: partners' own words may stand there, too."""

LONGEST_FOUND = 200
HALF = 32
"""Characters of a fingerprint that are of the record alone."""


class NotAFeed(Exception):
    """The whole file cannot be read as what it is said to be; `code` names a sentence."""

    def __init__(self, code: str, **details: str) -> None:
        self.code = code
        self.details = details
        super().__init__(code)


class Weight(StrEnum):
    """What a finding means for its record."""

    REJECTED = "rejected"
    HELD = "held"
    REPAIRED = "repaired"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a record: which, where, what, and what was found there."""

    line: int
    field: str
    code: str
    weight: Weight = Weight.NOTED
    found: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """A record of which its source says that it is deleted; `line` is where it says so."""

    external_id: str
    line: int


@dataclass
class Notes:
    """Collects what there is to say of the record that begins on a line."""

    line: int
    found: list[Finding] = field(default_factory=list)

    def add(self, name: str, code: str, found: str = "", weight: Weight = Weight.NOTED) -> None:
        """Note what was found in a field; a record gets so many findings and no more."""
        if len(self.found) < MOST_FINDINGS:
            self.found.append(Finding(self.line, name, code, weight, found[:LONGEST_FOUND]))


@dataclass(frozen=True, slots=True)
class Feed:
    """A file as it was handed in, and what the source says about itself."""

    content: bytes
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    zone: str = "UTC"
    address: str = ""
    """Where it was read, if it was fetched."""

    charset: str = ""
    """What people or its answer say of its encoding."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a record means: almost an offer, but for the partner's words."""

    external_id: str
    line: int
    payload: Mapping[str, Any]
    kind: Kind
    texts: Sequence[TextContent]
    languages: Sequence[LanguageContent] = ()
    words: Sequence[str] = ()
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Our own codes, by vocabulary; of the audience also the partner's words."""

    provider: str | None = None
    address: str | None = None
    runs: Sequence[RunContent] = ()
    delivery: Delivery | None = None
    pace: Pace | None = None
    level: Level | None = None
    cost: Cost | None = None
    certificate: Certificate | None = None
    workload: str | None = None
    workload_minutes: int | None = None
    data_mb: int | None = None
    data_mb_light: int | None = None
    contact: str | None = None
    for_whom: Texts | None = None
    """For whom it is in the partner's own words, which are shown as they are."""

    licence: str | None = None
    findings: Sequence[Finding] = ()

    def fingerprint(self, *extra: object) -> str:
        """Tell two meanings apart: equal drafts, equal prints.

        The first half is of the draft alone, the second of `extra`: what our own words make of it
        may change without a look at the record.
        """
        kept = replace(self, line=0, payload={}, findings=())
        return half_print(kept) + half_print(extra)


def half_print(meaning: object) -> str:
    """Tell two meanings apart in so many characters: equal meanings, equal prints."""
    return hashlib.sha256(repr(meaning).encode()).hexdigest()[:HALF]


def terms_print(terms: Iterable[Term]) -> str:
    """Give the second half of a fingerprint: what our own words make of a record."""
    return half_print((sorted(term.code for term in terms),))
