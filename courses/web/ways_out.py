"""Where nothing is found: what could be left out, what is over, where else to look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from academy.i18n import current_language
from academy.i18n import gettext as _
from academy.text import apart
from courses.search.engine import no_counts
from courses.search.find import find
from courses.search.params import SearchParams, When
from courses.search.query import TextQuery
from courses.vocabularies.models import Vocabulary
from courses.web import phrases
from courses.web.listing import Listing

MOST_TRIED, MOST_WAYS = 12, 6
"""How many ways are tried, each a search of its own, and how many shown."""

BROWSED = {"issue": Vocabulary.ISSUE, "methodology": Vocabulary.METHODOLOGY}
"""Facets whose terms words can name."""


def empty(listing: Listing, now: datetime) -> dict[str, Any] | None:
    """Say why nothing is shown, and lead on; None where offers are shown."""
    if listing.found.numbers:
        return None
    if listing.found.total:
        first = {"label": _("To the first page"), "url": listing.url(listing.params.on_page(1))}
        return {"sentence": _("The list ends before this page."), "ways": [first]}
    ways = filter(None, islice(_WaysOut(listing, now).all(), MOST_TRIED))
    return {
        "sentence": _("Nothing fits all of this at once."),
        "ways": list(islice(ways, MOST_WAYS)),
    }


@dataclass(frozen=True)
class _WaysOut:
    listing: Listing
    now: datetime

    def all(self) -> Iterator[dict[str, str] | None]:
        """Give the ways, those nearest to the question first; None for one that leads nowhere."""
        params = self.listing.params
        yield self._over()
        for facet in params.chosen:
            yield self._without_facet(facet)
        if params.q and len(params.chosen) > 1:
            total = find(params.without_facets(), now=self.now).total
            label = _("Without any filter: %(offers)s", offers=phrases.offers(total))
            yield self._way(label, params.without_facets()) if total else None
        if params.q:
            yield from self._named()
            yield self._without(apart(params.q), replace(params, q="", page=1))

    def _over(self) -> dict[str, str] | None:
        over, params = self.listing.found.counts["when"][When.PAST], self.listing.params
        if not over or When.PAST in params.values("when"):
            return None
        label = _("Among what is over: %(offers)s", offers=phrases.offers(over))
        return self._way(label, params.plus("when", When.PAST))

    def _without_facet(self, facet: str) -> dict[str, str] | None:
        """Leave all values of a facet out: they are alternatives, and one less finds no more."""
        params = self.listing.params
        rest = {name: values for name, values in params.chosen.items() if name != facet}
        words = [apart(self.listing.words(facet, value).text) for value in params.values(facet)]
        return self._without(_(", ").join(words), replace(params, chosen=rest, page=1))

    def _without(self, what: str, params: SearchParams) -> dict[str, str] | None:
        total = find(params, now=self.now).total
        offers = phrases.offers(total)
        label = _("Without “%(without)s”: %(offers)s", without=what, offers=offers)
        return self._way(label, params) if total else None

    def _named(self) -> Iterator[dict[str, str] | None]:
        """Lead to all offers of the terms that the words name."""
        terms = _terms(self.listing.found.query)
        counts = find(SearchParams(), now=self.now).counts if terms else no_counts()
        for facet, code in terms:
            if counts[facet][code]:
                name = self.listing.vocabulary.label(BROWSED[facet], code, current_language())
                offers = phrases.offers(counts[facet][code])
                label = _("All of “%(term)s”: %(offers)s", term=apart(name), offers=offers)
                yield self._way(label, SearchParams(chosen={facet: (code,)}))

    def _way(self, label: str, params: SearchParams) -> dict[str, str]:
        return {"label": label, "url": self.listing.url(params)}


def _terms(query: TextQuery) -> list[tuple[str, str]]:
    """List the terms that words name, as facet and code."""
    tokens = dict.fromkeys(way.tokens[0] for group in query.groups for way in group.ways)
    named = (token[1:].partition("=") for token in tokens if token.startswith("#"))
    return [(facet, code) for facet, _by, code in named if facet in BROWSED]
