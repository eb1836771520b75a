"""What the index keeps of an offer: weighted tokens, facet values, and keys to sort by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cached_property

from academy.text import plain_text
from courses.catalogue.models import Kind, Offer
from courses.catalogue.runs import Run
from courses.catalogue.texts import LanguageRole, OfferText
from courses.catalogue.together import institutions_of
from courses.search.analyzers import title_token, tokens, words
from courses.search.concepts import glossary
from courses.search.lexicon import Lexicon
from courses.search.params import DATA_UP_TO, Data
from courses.search.weights import impacts, quality, reviewed
from courses.vocabularies.queries import Vocabularies
from courses.vocabularies.regions import regions_of

TITLE_WEIGHT = 3
LONGEST_TEXT = 20_000
TOLD_AT_FIRST = 50
"""Words of a body in which labels are looked for."""

MEANT_AT_FIRST = 200
"""Words of a body in which concepts are looked for."""

NEVER = 2**32 - 1
"""The end, in minutes, of what has none."""


class Part(Enum):
    """What a text is of an offer."""

    TITLE = "title"
    BODY = "body"
    TEACHER = "teacher"


@dataclass(frozen=True)
class Written:
    """A text of an offer, and the language it is written in."""

    part: Part
    text: str
    language: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words, folded."""
        return tuple(words(self.text))


@dataclass(frozen=True, slots=True)
class Document:
    """One offer in the index. Times are minutes since 1970; 0 where there is none."""

    number: int
    impacts: dict[str, float]
    facets: frozenset[str]
    said: str
    """The folded words of each text in their order, a bar before and after each text."""

    runs: tuple[tuple[int, int], tuple[int, int]]
    """When the run that goes on, or comes next, starts and ends, and the one after it."""

    newest: int
    reviewed: int
    quality: int

    def weights(self) -> dict[str, float]:
        """Give every token with its impact; a facet value is a token too."""
        return self.impacts | {f"#{value}": 1.0 for value in self.facets}

    def keys(self) -> tuple[int, ...]:
        """Give the columns in the order of `store.segments.COLUMNS`."""
        (starts, ends), (later_starts, later_ends) = self.runs
        times = (starts, ends, later_starts, later_ends)
        return self.number, *times, self.newest, self.reviewed, self.quality


def document(
    offer: Offer, vocabulary: Vocabularies, lexicon: Lexicon, *, now: datetime
) -> Document:
    """Make the document of a whole offer."""
    texts = list(_texts(offer))
    counted = _frequencies(texts)
    for term, times in suggested(texts, lexicon).items():
        counted[f"?{term}"] = times
    for concept, times in meant(texts).items():
        counted[f"*{concept}"] = times
    return Document(
        number=offer.id,
        impacts=impacts(counted),
        facets=frozenset(_facets(offer, vocabulary)),
        said=f" | {' | '.join(' '.join(text.words) for text in texts)} | ",
        runs=_runs(offer, now),
        newest=_minutes(offer.published_at or offer.added_at),
        reviewed=reviewed(offer),
        quality=quality(offer),
    )


def _texts(offer: Offer) -> Iterator[Written]:
    """Give what an offer says, and who teaches where."""
    institution = offer.institution
    for text in offer.texts:
        yield Written(Part.TITLE, text.title, text.language)
        yield Written(Part.BODY, _body(text), text.language)
    for language, name in institution.name.items():
        yield Written(Part.TEACHER, name, language)
    for said in (offer.provider, institution.city):
        if said:
            yield Written(Part.TEACHER, said, offer.language)


def suggested(texts: Iterable[Written], lexicon: Lexicon) -> Counter[str]:
    """Count how often titles and beginnings say the labels of a term as "issue=housing"."""
    found: Counter[str] = Counter()
    for text in texts:
        if text.part is not Part.TEACHER:
            weight = TITLE_WEIGHT if text.part is Part.TITLE else 1
            for term in lexicon.terms.said(text.words[:TOLD_AT_FIRST], text.language):
                found[term] += weight
    return found


def meant(texts: Iterable[Written]) -> Counter[str]:
    """Count how often titles and bodies name a concept."""
    found: Counter[str] = Counter()
    for text in texts:
        if text.part is not Part.TEACHER:
            weight = TITLE_WEIGHT if text.part is Part.TITLE else 1
            for concept in glossary().said(text.words[:MEANT_AT_FIRST], text.language):
                found[concept] += weight
    return found


def _frequencies(texts: Iterable[Written]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for text in texts:
        found = tokens(text.text, text.language, text.words)
        if text.part is Part.TITLE:
            for token in found:
                counted[token] += TITLE_WEIGHT
            counted[title_token(text.words)] = TITLE_WEIGHT
        else:
            counted.update(found)
    return counted


def _body(text: OfferText) -> str:
    body = plain_text(text.description)
    if not body.startswith(text.summary[:60].rstrip("…")):
        body = f"{text.summary} {body}"
    return body[:LONGEST_TEXT]


def _facets(offer: Offer, vocabulary: Vocabularies) -> Iterator[str]:
    for name, value in (
        ("kind", offer.kind),
        ("section", offer.institution.section),
        ("level", offer.level),
        ("cost", offer.cost),
        ("certificate", offer.certificate),
        ("data", data_need(offer)),
    ):
        if value:
            yield f"{name}={value}"
    for language in offer.languages:
        if language.role is LanguageRole.TAUGHT:
            yield f"language={language.base}"
    yield from (f"institution={one.slug}" for one in institutions_of(offer))
    yield from (f"region={code}" for code in regions_of(offer.institution.country))
    yield from (f"sdg={code}" for code in vocabulary.sdg_of(offer.terms))
    for term in offer.terms:
        yield f"{term.vocabulary.value}={term.code}"
        above = vocabulary.broader(term)
        if above is not None:
            yield f"{above.vocabulary.value}={above.code}"
    yield from _always(offer)


def _always(offer: Offer) -> Iterator[str]:
    """Tell of what needs no date: to begin at any time, or to watch afterwards."""
    if any(run.starts_at is None for run in offer.runs):
        yield "when=anytime"
    if any(meeting.recording for run in offer.runs for meeting in run.meetings):
        yield "when=recorded"


def data_need(offer: Offer) -> Data | None:
    """Tell how much there is to load; None when nobody said."""
    needed = offer.data_mb if offer.data_mb_light is None else offer.data_mb_light
    if needed is None:
        return None
    return next((size for size, most in DATA_UP_TO.items() if needed <= most), Data.LARGE)


def _runs(offer: Offer, now: datetime) -> tuple[tuple[int, int], tuple[int, int]]:
    """Give the run that goes on longest and the next to start, or the next two.

    When the first is over, the second still tells the truth.
    """
    dated = sorted(_span(run, offer.kind) for run in offer.runs if run.starts_at)
    minute = _minutes(now)
    running = [span for span in dated if span[0] <= minute < span[1]]
    coming = [span for span in dated if span[0] > minute]
    longest = [max(running, key=lambda span: span[1])] if running else []
    first, second, *_ = [*longest, *coming, (0, 0), (0, 0)]
    return first, second


def _span(run: Run, kind: Kind) -> tuple[int, int]:
    """Give when a run starts and ends: a webinar without an end is over when it starts."""
    assert run.starts_at is not None
    start = _minutes(run.starts_at)
    if run.ends_at is not None:
        return start, max(start, _minutes(run.ends_at))
    return start, start if kind is Kind.WEBINAR else NEVER


def _minutes(moment: datetime) -> int:
    return max(0, int(moment.timestamp() // 60))
