"""The facets of the catalogue in values: what can be chosen, and how much each choice shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from academy.i18n import Texts, Words, current_language, text_in
from academy.i18n import gettext as _
from academy.institutions.queries import names_of
from courses.search.engine import Found
from courses.search.params import CHOICES, FACETS, SearchParams, When
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import Vocabularies
from courses.web import phrases

OPEN_FROM_THE_START = frozenset(("language", "issue", "methodology"))
SHOWN_AT_FIRST = {"language": 6, "region": 6, "institution": 6}
MOST_AT_FIRST, MOST_LISTED = 8, 200
"""How many values of a facet are shown before "more", where nothing else is said; and in all."""

Values = list[dict[str, Any]]


@dataclass(frozen=True)
class Facets:
    """What one answer of the catalogue lets people choose."""

    params: SearchParams
    found: Found
    vocabulary: Vocabularies

    def all(self) -> list[dict[str, Any]]:
        """Give every facet that has something to choose."""
        shown = (self._facet(name) for name in FACETS)
        return [facet for facet in shown if facet["values"]]

    def words(self, facet: str, code: str) -> Words:
        """Name a value for the reader."""
        reader = current_language()
        if facet in CHOICES:
            return Words(str(phrases.CHOICES[facet][CHOICES[facet](code)]))
        if facet == "language":
            return Words(self.vocabulary.own_name(code), None if code == reader else code)
        if facet == "institution":
            return text_in(self._institution_names.get(code, {"und": code}), reader)
        return Words(self.vocabulary.label(Vocabulary(facet), code, reader))

    def _facet(self, name: str) -> dict[str, Any]:
        counts, chosen = self.found.counts[name], self.params.values(name)
        there = [code for code in self._codes(name) if counts[code] or code in chosen]
        kept = [self._value(name, code) for code in there]
        first, more = _cut(name, kept, max(SHOWN_AT_FIRST.get(name, MOST_AT_FIRST), len(chosen)))
        return {
            "name": name,
            "label": phrases.FACETS[name],
            "open": name in OPEN_FROM_THE_START or bool(chosen),
            "chosen": len(chosen),
            "values": _indented(first),
            "more": _indented(more),
            "more_label": _("%(number)s more", number=len(more)) if more else "",
        }

    def _value(self, facet: str, code: str) -> dict[str, Any]:
        words, above = self.words(facet, code), self._above(code) if facet == "issue" else None
        return {
            "code": code,
            "label": words.text,
            "language": words.language,
            "count": self.found.counts[facet][code],
            "chosen": code in self.params.values(facet),
            "line": code if facet == "issue" and above is None else None,
            "above": above,
            "indented": False,
        }

    def _above(self, issue: str) -> str | None:
        term = self.vocabulary.by_code.get((Vocabulary.ISSUE, issue))
        above = term and self.vocabulary.broader(term)
        return above.code if above else None

    def _codes(self, facet: str) -> Iterable[str]:
        if facet in CHOICES:
            return [value.value for value in CHOICES[facet] if self._shows(value)]
        if facet in {"region", "institution"}:
            most = [code for code, _n in self.found.counts[facet].most_common(MOST_LISTED)]
            # Countries have pages of their own: a list of all would outweigh the offers.
            shown = most if facet == "institution" else list(filter(str.isdecimal, most))[:6]
            return dict.fromkeys((*self.params.values(facet), *shown))
        return [term.code for term in self.vocabulary.of(Vocabulary(facet))]

    def _shows(self, value: StrEnum) -> bool:
        """Leave out what is over, unless there is nothing else or it was asked for."""
        return value is not When.PAST or not self.found.total or "when" in self.params.chosen

    @cached_property
    def _institution_names(self) -> dict[str, Texts]:
        return names_of(self._codes("institution"))


def _cut(facet: str, values: Values, most: int) -> tuple[Values, Values]:
    """Part the values that are seen at first from those behind "more".

    What is chosen comes first, then what most offers have. Of many issues, the narrower ones stand
    behind "more", below the wider ones and in the order of the vocabulary.
    """
    if facet in CHOICES or (facet == "issue" and len(values) <= most + 1):
        return values, []
    ordered = sorted(values, key=lambda one: (not one["chosen"], bool(one["above"]), -one["count"]))
    if len(ordered) <= most + 1:
        return ordered, []
    if facet != "issue":
        return ordered[:most], ordered[most:]
    first = [value for value in ordered[:most] if value["chosen"] or not value["above"]]
    return first, [value for value in values if value not in first]


def _indented(values: Values) -> Values:
    """Indent a narrower issue below the wider one; where that stands elsewhere, it stands alone."""
    family = None
    for value in values:
        if value["above"] is None:
            family = value["code"]
        value["indented"] = value["above"] is not None and value["above"] == family
    return values
