"""Tantivy by its Python binding: facets from fast fields, one pass more for each that is chosen."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.search.asking import Answer, Asked, Sort
from benchmarks.search.data import COUNTED, row_of
from benchmarks.search.engines import package
from courses.search.documents import Document
from courses.search.query import Group, Way

FIRST = 20
HEAP = 1_000_000_000
MOST_VALUES = 300
TITLE_WEIGHT = 3.0


class Tantivy:
    """Finds the very words in title and body."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        self._tantivy = package("tantivy")
        self._query, self._occur = self._tantivy.Query, self._tantivy.Occur
        self._folder, self._schema = folder, self._made_schema()
        self._searcher: Any = None

    def build(self, documents: Iterable[Document]) -> None:
        """Index with one thread and as much memory as it likes, which leaves few segments."""
        index = self._tantivy.Index(self._schema, path=str(self._folder))
        writer = index.writer(heap_size=HEAP, num_threads=1)
        for told in documents:
            writer.add_document(self._tantivy.Document(**self._fields(told)))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def ask(self, asked: Asked) -> Answer:
        """Search, and count the facets nobody chose from in one pass, each other in its own."""
        whole = self._asks(asked)
        order = None if asked.words else "newest"
        found = self._searcher.search(whole, limit=FIRST, order_by_field=order)
        numbers = self._searcher.fast_field_values("number", [at for _, at in found.hits])
        if asked.sort is Sort.TEXT:
            return Answer(list(numbers), found.count)
        free = [facet for facet in COUNTED if facet not in asked.chosen]
        told = self._counted(whole, free)
        for facet in asked.chosen:
            told |= self._counted(self._asks(asked, blind_to=facet), [facet])
        return Answer(list(numbers), found.count, told)

    def close(self) -> None:
        """Let go of the index."""
        self._searcher = None

    def _made_schema(self) -> Any:
        builder = self._tantivy.SchemaBuilder()
        builder.add_integer_field("number", fast=True, indexed=False)
        builder.add_integer_field("newest", fast=True, indexed=False)
        for facet in COUNTED:
            builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
        self._add_text(builder)
        return builder.build()

    def _add_text(self, builder: Any) -> None:
        for part in ("title", "body"):
            builder.add_text_field(part, tokenizer_name="whitespace", index_option="freq")

    def _fields(self, told: Document) -> dict[str, Any]:
        row = row_of(told)
        return {
            "number": row.number,
            "newest": row.newest,
            **self._text(told, row.title, row.body),
            **row.values,
        }

    def _text(self, told: Document, title: str, body: str) -> dict[str, Any]:
        return {"title": title, "body": body}

    def _counted(self, query: Any, wanted: list[str]) -> dict[str, dict[str, int]]:
        if not wanted:
            return {}
        asked = {facet: {"terms": {"field": facet, "size": MOST_VALUES}} for facet in wanted}
        found = self._searcher.aggregate(query, asked)
        return {
            facet: {one["key"]: one["doc_count"] for one in found[facet]["buckets"]}
            for facet in wanted
        }

    def _asks(self, asked: Asked, *, blind_to: str | None = None) -> Any:
        must = [self._word(group) for group in asked.groups]
        for facet, values in asked.chosen.items():
            if facet != blind_to:
                choice = self._query.term_set_query(self._schema, facet, list(values))
                must.append(self._query.const_score_query(choice, 0.0))
        if not must:
            return self._query.all_query()
        return self._query.boolean_query([(self._occur.Must, one) for one in must])

    def _word(self, group: Group) -> Any:
        title = self._query.term_query(self._schema, "title", group.word)
        body = self._query.term_query(self._schema, "body", group.word)
        return self._any([self._query.boost_query(title, TITLE_WEIGHT), body])

    def _any(self, queries: list[Any]) -> Any:
        return self._query.boolean_query([(self._occur.Should, one) for one in queries])


class TantivyByWays(Tantivy):
    """Finds the same as ours: our tokens, and every way in which each word can match.

    What ours does loosely where few offers have all words, it leaves undone.
    """

    name = "tantivy, the same ways"

    def _add_text(self, builder: Any) -> None:
        builder.add_text_field("tokens", tokenizer_name="raw", index_option="basic")

    def _text(self, told: Document, title: str, body: str) -> dict[str, Any]:
        return {"tokens": list(told.weights())}

    def _word(self, group: Group) -> Any:
        return self._any([self._way(way) for way in group.asked(loosely=False)])

    def _way(self, way: Way) -> Any:
        terms = [self._query.term_query(self._schema, "tokens", token) for token in way.tokens]
        if len(terms) > 1:
            terms = [self._query.boolean_query([(self._occur.Must, one) for one in terms])]
        return self._query.boost_query(terms[0], way.weight)
