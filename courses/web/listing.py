"""The catalogue page in values: what was asked and found, chips, sorts, pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import url_for

from academy.i18n import Words, ngettext, number
from academy.i18n import gettext as _
from academy.text import apart
from courses.search.engine import Found, Outcome
from courses.search.params import (
    LONGEST_QUERY,
    MOST_VALUES,
    PAGE_SIZE,
    Read,
    SearchParams,
    Sort,
)
from courses.search.query import MOST_WORDS
from courses.vocabularies.queries import Vocabularies
from courses.web import phrases
from courses.web.facets import Facets

MOST_NAMED = 4
"""How many things that were not understood are named; the others are counted."""


@dataclass(frozen=True)
class Listing:
    """One answer of the catalogue, ready to be shown."""

    params: SearchParams
    found: Found
    vocabulary: Vocabularies

    def url(self, params: SearchParams) -> str:
        """Address the list of other parameters."""
        query = params.query_string()
        return f"{self._here}?{query}" if query else self._here

    def shown(self) -> dict[str, Any]:
        """Give what the page shows around the offers."""
        total, some = self.found.total, self.chosen_count > 0
        return {
            "heading": phrases.offers(total),
            "announced": self.announced(),
            "outcome": self.outcome(),
            "facets": self.facets(),
            "filters_label": phrases.filters(self.chosen_count),
            "show_label": phrases.show_offers(total),
            "chips": self.chips(),
            "clear_url": self.url(self.params.without_facets()) if some else None,
            "sorts": self.sorts(),
            "pager": self.pager(),
        }

    @property
    def chosen_count(self) -> int:
        """Count the values chosen in all facets."""
        return sum(len(values) for values in self.params.chosen.values())

    def facets(self) -> list[dict[str, Any]]:
        """Give every facet that has something to choose."""
        return self._facets.all()

    def words(self, facet: str, code: str) -> Words:
        """Name a value of a facet for the reader."""
        return self._facets.words(facet, code)

    def chips(self) -> list[dict[str, Any]]:
        """Give every chosen value with the address of the list without it."""
        return [
            {"label": self.words(facet, value), "url": self.url(self.params.minus(facet, value))}
            for facet, values in self.params.chosen.items()
            for value in values
        ]

    def asked(self) -> str:
        """Name the list by what was asked."""
        chosen = _(", ").join(apart(chip["label"].text) for chip in self.chips()[:4])
        words = apart(self.params.q) if self.params.q else ""
        if words and chosen:
            return _("%(words)s – %(chosen)s", words=words, chosen=chosen)
        return words or chosen or _("Find learning")

    def sorts(self) -> list[dict[str, Any]]:
        """Give the orders a list can have."""
        return [
            {"value": sort.value, "label": phrases.SORTS[sort], "chosen": sort is self.params.sort}
            for sort in Sort
        ]

    def pager(self) -> dict[str, Any] | None:
        """Give the pages around this one, with gaps; None when one page holds all."""
        last = max(1, -(-self.found.total // PAGE_SIZE))
        page = self.params.page
        if last == 1 and page == 1:
            return None
        near = {1, last, *range(max(1, page - 2), min(last, page + 2) + 1)}
        pages: list[dict[str, Any]] = []
        for at in sorted(near):
            if pages and at - pages[-1]["number"] > 1:
                pages.append({"number": None, "url": None, "current": False})
            pages.append({"number": at, "url": self._page(at), "current": at == page})
        return {
            "pages": pages,
            "previous_url": self._page(min(page - 1, last)) if page > 1 else None,
            "next_url": self._page(page + 1) if page < last else None,
        }

    def notes(self, read: Read) -> list[str]:
        """Say what was not understood or could not be done."""
        named, rest = read.unknown[:MOST_NAMED], read.unknown[MOST_NAMED:]
        notes = [
            _("“%(value)s” is unknown here and was left out.", value=apart(value))
            for _name, value in named
        ]
        if rest:
            told = ngettext(
                "%(num)s more value is unknown here and was left out.",
                "%(num)s more values are unknown here and were left out.",
                len(rest),
            )
            notes.append(told)
        for facet in read.overfull:
            told = _(
                "%(filter)s: only the first %(number)s values were read.",
                filter=phrases.FACETS[facet],
                number=MOST_VALUES,
            )
            notes.append(told)
        return [*notes, *self._limits(read)]

    def _limits(self, read: Read) -> Iterator[str]:
        """Say what is beyond what can be read or done now."""
        if read.shortened or self.found.query.shortened:
            yield _(
                "Only the first %(words)s words and %(letters)s letters of a question are read.",
                words=MOST_WORDS,
                letters=LONGEST_QUERY,
            )
        if self.found.away:
            yield _("The index does not answer at the moment. The list is made without it.")

    def outcome(self) -> str | None:
        """Say what became of the words, where not every offer has all of them."""
        if self.found.outcome is not Outcome.SOME_WORDS:
            return None
        full = self.found.with_all_words
        if not full:
            return _("No offer has all your words. These have some of them.")
        return ngettext(
            "%(count)s offer has all your words. The others have some of them.",
            "%(count)s offers have all your words. The others have some of them.",
            full,
            count=number(full),
        )

    def announced(self) -> str:
        """Say to who does not see the list how long it is, and what became of the words."""
        offers, told = phrases.offers(self.found.total), self.outcome()
        if told is None:
            return offers
        return _("%(offers)s. %(outcome)s", offers=offers, outcome=told)

    @cached_property
    def _here(self) -> str:
        return url_for("courses.learn")

    @cached_property
    def _facets(self) -> Facets:
        return Facets(self.params, self.found, self.vocabulary)

    def _page(self, number: int) -> str:
        return self.url(self.params.on_page(number))
