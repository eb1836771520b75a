"""What can be asked about vocabularies."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select

from academy.db import db
from academy.i18n import language_name, text_in
from academy.text import fold_phrase
from courses.vocabularies.models import Term, Vocabulary


@dataclass(frozen=True)
class Vocabularies:
    """All terms at once: they are few, and every page needs some."""

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
        """List one vocabulary in its order: each top term followed by its narrower ones."""
        narrower: dict[int | None, list[Term]] = defaultdict(list)
        for term in self.terms:
            if term.vocabulary is vocabulary and term.replaced_by_id is None:
                narrower[term.broader_id].append(term)
        return [term for top in narrower[None] for term in (top, *narrower[top.id])]

    def broader(self, term: Term) -> Term | None:
        """Give the term above, if there is one."""
        return self.by_id[term.broader_id] if term.broader_id is not None else None

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
        term = self.by_code.get((vocabulary, code))
        return text_in(term.labels, language).text if term else code


def vocabularies() -> Vocabularies:
    """Load every term."""
    return Vocabularies(tuple(db.session.scalars(select(Term).order_by(Term.position, Term.id))))
