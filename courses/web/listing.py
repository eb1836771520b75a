"""The catalogue page in values: facets with counts, chips, sorts, pages, ways out of nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from itertools import islice
from typing import Any

from flask import url_for

from academy.i18n import Texts, Words, current_language, text_in
from academy.i18n import gettext as _
from academy.institutions.queries import all_institutions
from courses.search.engine import Found
from courses.search.find import find
from courses.search.params import CHOICES, FACETS, PAGE_SIZE, SearchParams, Sort, When
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import Vocabularies
from courses.web import phrases

OPEN_FROM_THE_START = frozenset(("language", "issue", "methodology"))
SHOWN_AT_FIRST = {"language": 6, "methodology": 8, "region": 6, "institution": 6}
MOST_INSTITUTIONS = 200
MOST_TRIED, MOST_WAYS = 12, 5
"""How many ways out of an empty list are tried, each a search of its own, and how many shown."""


@dataclass(frozen=True)
class Listing:
    """One answer of the catalogue, ready to be shown."""

    params: SearchParams
    found: Found
    vocabulary: Vocabularies

    def url(self, params: SearchParams) -> str:
        """Address the list of other parameters."""
        query = params.query_string()
        return url_for("courses.learn") + (f"?{query}" if query else "")

    @property
    def chosen_count(self) -> int:
        """Count the values chosen in all facets."""
        return sum(len(values) for values in self.params.chosen.values())

    def facets(self) -> list[dict[str, Any]]:
        """Give every facet that has something to choose."""
        shown = (self._facet(name) for name in FACETS)
        return [facet for facet in shown if facet["values"]]

    def chips(self) -> list[dict[str, Any]]:
        """Give every chosen value with the address of the list without it."""
        return [
            {"label": self._words(facet, value), "url": self.url(self.params.minus(facet, value))}
            for facet, values in self.params.chosen.items()
            for value in values
        ]

    def asked(self) -> str:
        """Name the list by what was asked."""
        chosen = _(", ").join(chip["label"].text for chip in self.chips()[:4])
        if self.params.q and chosen:
            return _("%(words)s – %(chosen)s", words=self.params.q, chosen=chosen)
        return self.params.q or chosen or _("Find learning")

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
        for number in sorted(near):
            if pages and number - pages[-1]["number"] > 1:
                pages.append({"number": None, "url": None, "current": False})
            pages.append({"number": number, "url": self._page(number), "current": number == page})
        return {
            "pages": pages,
            "previous_url": self._page(min(page - 1, last)) if page > 1 else None,
            "next_url": self._page(page + 1) if page < last else None,
        }

    def empty(self, now: datetime) -> dict[str, Any] | None:
        """Where nothing is found, name what could be left out, and what that would show."""
        if self.found.numbers:
            return None
        if self.found.total:
            first = {"label": _("To the first page"), "url": self._page(1)}
            return {"sentence": _("The list ends before this page."), "ways": [first]}
        return {
            "sentence": _("Nothing fits all of this at once."),
            "ways": list(islice(filter(None, islice(self._ways_out(now), MOST_TRIED)), MOST_WAYS)),
        }

    def notes(self, unknown: tuple[tuple[str, str], ...]) -> list[str]:
        """Say what was not understood or could not be done."""
        notes = [
            _("“%(value)s” is unknown here and was left out.", value=value)
            for _name, value in unknown
        ]
        if self.found.away:
            notes.append(_("The index does not answer at the moment. The list is made without it."))
        return notes

    def _page(self, number: int) -> str:
        return self.url(self.params.on_page(number))

    def _ways_out(self, now: datetime) -> Iterator[dict[str, str] | None]:
        over = self.found.counts["when"][When.PAST]
        if over and "when" not in self.params.chosen:
            label = _("Among what is over: %(offers)s", offers=phrases.offers(over))
            yield {"label": label, "url": self.url(self.params.plus("when", When.PAST))}
        for facet, values in self.params.chosen.items():
            for value in values:
                label = self._words(facet, value).text
                yield self._way(self.params.minus(facet, value), label, now)
        if self.params.q:
            yield self._way(replace(self.params, q="", page=1), self.params.q, now)

    def _way(self, params: SearchParams, without: str, now: datetime) -> dict[str, str] | None:
        total = find(params, now=now).total
        if not total:
            return None
        label = _(
            "Without “%(without)s”: %(offers)s", without=without, offers=phrases.offers(total)
        )
        return {"label": label, "url": self.url(params)}

    def _facet(self, name: str) -> dict[str, Any]:
        counts, chosen = self.found.counts[name], self.params.values(name)
        kept = [
            self._value(name, code, depth)
            for code, depth in self._codes(name)
            if counts[code] or code in chosen
        ]
        if name in SHOWN_AT_FIRST:
            kept.sort(key=lambda value: (not value["chosen"], -value["count"]))
        first = max(SHOWN_AT_FIRST.get(name, len(kept)), len(chosen))
        more = kept[first:] if len(kept) > first + 1 else []
        return {
            "name": name,
            "label": phrases.FACETS[name],
            "open": name in OPEN_FROM_THE_START or bool(chosen),
            "chosen": len(chosen),
            "values": kept[:first] if more else kept,
            "more": more,
            "more_label": _("%(number)s more", number=len(more)) if more else "",
        }

    def _value(self, facet: str, code: str, depth: int) -> dict[str, Any]:
        words = self._words(facet, code)
        line = None
        if facet == "issue" and depth == 0:
            line = code
        return {
            "code": code,
            "label": words.text,
            "language": words.language,
            "count": self.found.counts[facet][code],
            "chosen": code in self.params.values(facet),
            "line": line,
            "depth": depth,
        }

    def _codes(self, facet: str) -> Iterator[tuple[str, int]]:
        if facet in CHOICES:
            yield from ((value.value, 0) for value in CHOICES[facet] if self._shows(value))
        elif facet == "region":
            chosen = dict.fromkeys(self.params.values(facet))
            yield from ((code, 0) for code in chosen | self.found.counts[facet])
        elif facet == "institution":
            chosen = dict.fromkeys(self.params.values("institution"))
            most = self.found.counts["institution"].most_common(MOST_INSTITUTIONS)
            yield from ((slug, 0) for slug in chosen | dict(most))
        else:
            for term in self.vocabulary.of(Vocabulary(facet)):
                yield term.code, int(term.broader_id is not None)

    def _shows(self, value: StrEnum) -> bool:
        """Leave out what is over, unless there is nothing else or it was asked for."""
        return value is not When.PAST or not self.found.total or "when" in self.params.chosen

    def _words(self, facet: str, code: str) -> Words:
        reader = current_language()
        if facet in CHOICES:
            return Words(str(phrases.CHOICES[facet][CHOICES[facet](code)]))
        if facet == "language":
            return Words(self.vocabulary.own_name(code), None if code == reader else code)
        if facet == "institution":
            return text_in(self._institution_names.get(code, {"und": code}), reader)
        return Words(self.vocabulary.label(Vocabulary(facet), code, reader))

    @cached_property
    def _institution_names(self) -> dict[str, Texts]:
        return {institution.slug: institution.name for institution in all_institutions()}
