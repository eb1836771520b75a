"""What can be asked about vocabularies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select

from academy.db import db
from academy.i18n import language_name, region_name, text_in
from academy.text import fold_phrase
from courses.vocabularies.models import Term, Vocabulary

EVERYWHERE = (
    *(Vocabulary.ISSUE, Vocabulary.METHODOLOGY, Vocabulary.AUDIENCE),
    *(Vocabulary.LANGUAGE, Vocabulary.SECTION),
)


@dataclass(frozen=True)
class Vocabularies:
    """Whole vocabularies at once: most are short, and every page needs some of their terms."""

    terms: tuple[Term, ...]

    @cached_property
    def by_id(self) -> dict[int, Term]:
        """Terms by their key."""
        return {term.id: term for term in self.terms}

    @cached_property
    def by_code(self) -> dict[tuple[Vocabulary, str], Term]:
        """Terms by vocabulary and code."""
        return {(term.vocabulary, term.code): term for term in self.terms}

    @cached_property
    def by_word(self) -> dict[tuple[Vocabulary, str], Term]:
        """Terms by every folded label and alternative label, in any language."""
        found: dict[tuple[Vocabulary, str], Term] = {}
        for term in reversed(self.terms):
            alternatives = (word for words in term.alternatives.values() for word in words)
            for word in (*alternatives, *term.labels.values(), term.code):
                found[term.vocabulary, fold_phrase(word)] = term
        return found

    def of(self, vocabulary: Vocabulary) -> list[Term]:
        """List one vocabulary in its order: each term followed by its narrower ones."""
        return list(self._in_order[vocabulary])

    @cached_property
    def _in_order(self) -> dict[Vocabulary, list[Term]]:
        below: dict[tuple[Vocabulary, int | None], list[Term]] = defaultdict(list)
        for term in self.terms:
            if term.replaced_by_id is None:
                below[term.vocabulary, term.broader_id].append(term)

        def walk(vocabulary: Vocabulary, key: int | None) -> Iterator[Term]:
            for term in below[vocabulary, key]:
                yield term
                yield from walk(vocabulary, term.id)

        return {vocabulary: list(walk(vocabulary, None)) for vocabulary in Vocabulary}

    def broader(self, term: Term) -> Term | None:
        """Give the term above, if there is one (and it is loaded)."""
        return self.by_id.get(term.broader_id) if term.broader_id is not None else None

    def top(self, term: Term) -> Term:
        """Give the line a term belongs to: itself, or the term above."""
        above = self.broader(term)
        return self.top(above) if above else term

    def own_name(self, language: str) -> str:
        """Give a language's own name for itself; the code when it is unknown."""
        term = self.by_code.get((Vocabulary.LANGUAGE, language))
        return term.labels.get(language, language) if term else language

    def label(self, vocabulary: Vocabulary, code: str, language: str) -> str:
        """Name a code in the reader's language; the code itself when it is unknown."""
        if vocabulary is Vocabulary.LANGUAGE:
            return language_name(code, language)
        if vocabulary is Vocabulary.REGION:
            return region_name(code, language)
        term = self.by_code.get((vocabulary, code))
        return text_in(term.labels, language).text if term else code

    @staticmethod
    def sdg_of(terms: Iterable[Term]) -> set[str]:
        """Give the targets and goals that terms stand for: their own, or those nearest to them."""
        codes: set[str] = set()
        for term in terms:
            own = term.vocabulary is Vocabulary.SDG
            codes.update([term.code] if own else term.details.get("sdg", ()))
        return codes | {goal_of(code) for code in codes}

    def standing_for(self, code: str) -> list[Term]:
        """List the loaded terms that stand for a goal or a target."""
        return [term for term in self.terms if code in self.sdg_of([term])]


def goal_of(code: str) -> str:
    """Give the goal of a target; a goal itself."""
    return code.partition(".")[0]


def vocabularies(*wide: Vocabulary) -> Vocabularies:
    """Load the terms that pages need everywhere, and those of the wide vocabularies asked for.

    Goals and regions are hundreds of terms: only who needs their words loads them.
    """
    wanted = select(Term).where(Term.vocabulary.in_({*EVERYWHERE, *wide}))
    return Vocabularies(tuple(db.session.scalars(wanted.order_by(Term.position, Term.id))))


def terms_coded(vocabulary: Vocabulary, codes: Iterable[str]) -> list[Term]:
    """Load some terms of a vocabulary, in its order."""
    wanted = select(Term).where(Term.vocabulary == vocabulary, Term.code.in_(set(codes)))
    return list(db.session.scalars(wanted.order_by(Term.position)))
