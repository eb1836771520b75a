"""Whoosh as people use it: text and keyword fields, filters as terms, facets by `groupedby`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from whoosh import fields, index, query, sorting
from whoosh.analysis import RegexTokenizer

from benchmarks.search.asking import Answer, Asked, Sort
from benchmarks.search.data import COUNTED, row_of
from courses.search.documents import Document

FIRST = 20
MEMORY = 512
"""Megabytes for the writer."""


class Whoosh:
    """One index of its own, searched by its own searcher."""

    name = "Whoosh as usual"

    def __init__(self, folder: Path) -> None:
        words = RegexTokenizer(r"\S+")
        self._index = index.create_in(
            folder,
            fields.Schema(
                number=fields.NUMERIC(stored=True, unique=True),
                newest=fields.NUMERIC(int, bits=64, sortable=True),
                title=fields.TEXT(analyzer=words, field_boost=3.0),
                body=fields.TEXT(analyzer=words),
                kind=fields.ID(sortable=True),
                **{facet: fields.KEYWORD(commas=True) for facet in COUNTED if facet != "kind"},
            ),
        )
        self._searcher: Any = None

    def build(self, documents: Iterable[Document]) -> None:
        """Add every document in one commit."""
        writer = self._index.writer(limitmb=MEMORY)
        for row in map(row_of, documents):
            joined = {facet: ",".join(values) for facet, values in row.values.items()}
            writer.add_document(
                number=row.number, newest=row.newest, title=row.title, body=row.body, **joined
            )
        writer.commit()
        self._searcher = self._index.searcher()

    def ask(self, asked: Asked) -> Answer:
        """Search with the counts of the facets nobody chose from, and again for each other."""
        free = [facet for facet in COUNTED if facet not in asked.chosen]
        if asked.sort is Sort.TEXT:
            free = []
        order = None if asked.words else sorting.FieldFacet("newest", reverse=True)
        found = self._found(_query(asked), free, limit=FIRST, sortedby=order)
        counts = {facet: dict(found.groups(facet)) for facet in free}
        for facet in asked.chosen:
            blind = self._found(_query(asked, blind_to=facet), [facet], limit=1)
            counts[facet] = dict(blind.groups(facet))
        return Answer([hit["number"] for hit in found], len(found), counts)

    def close(self) -> None:
        """Close the index."""
        if self._searcher is not None:
            self._searcher.close()
        self._index.close()

    def _found(self, asks: Any, counted: list[str], **how: Any) -> Any:
        groups = sorting.Facets()
        for facet in counted:
            several = facet != "kind"
            groups.add_facet(
                facet, sorting.FieldFacet(facet, allow_overlap=several, maptype=sorting.Count)
            )
        return self._searcher.search(asks, groupedby=groups if counted else None, **how)


def _query(asked: Asked, *, blind_to: str | None = None) -> Any:
    parts = [
        query.Or([query.Term("title", word), query.Term("body", word)]) for word in asked.words
    ]
    for facet, values in asked.chosen.items():
        if facet != blind_to:
            parts.append(query.Or([query.Term(facet, value) for value in values]))
    return query.And(parts) if parts else query.Every()
