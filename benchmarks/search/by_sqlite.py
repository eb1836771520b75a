"""SQLite: FTS5 for the words, a table of values for each facet, what matched in a temporary one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from benchmarks.search.asking import Answer, Asked, Sort
from benchmarks.search.data import COUNTED, Codes, Row, row_of
from courses.search.documents import Document

SEVERAL = tuple(facet for facet in COUNTED if facet != "kind")
"""Facets of which an offer can have several values; its kind is a column."""

AT_ONCE = 5_000
FIRST = 20
OPEN = (
    *("PRAGMA journal_mode = off", "PRAGMA synchronous = off", "PRAGMA cache_size = -400000"),
    *("PRAGMA mmap_size = 8000000000", "PRAGMA temp_store = memory"),
    "CREATE TEMP TABLE matched (id INTEGER PRIMARY KEY, score REAL, kind INT, newest INT)",
    "CREATE TABLE offers (id INTEGER PRIMARY KEY, kind INT, newest INT)",
    # The words come broken and folded: whatever is no space belongs to one.
    "CREATE VIRTUAL TABLE words USING fts5(title, body, content='', tokenize="
    "\"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cf'\")",
)
SCORE = "bm25(words, 3.0, 1.0)"


class Sqlite:
    """As somebody who knows SQLite would build it."""

    name = "SQLite FTS5"

    def __init__(self, folder: Path) -> None:
        self._codes = Codes()
        self._database = sqlite3.connect(folder / "offers.sqlite", isolation_level=None)
        for statement in OPEN:
            self._database.execute(statement)
        for facet in SEVERAL:
            self._database.execute(
                f"CREATE TABLE of_{facet} (value INT, offer INT, PRIMARY KEY (value, offer))"
                " WITHOUT ROWID"
            )

    def build(self, documents: Iterable[Document]) -> None:
        """Fill the tables, then index and measure them."""
        rows = map(row_of, documents)
        while some := list(islice(rows, AT_ONCE)):
            self._database.execute("BEGIN")
            self._insert(some)
            self._database.execute("COMMIT")
        for facet in SEVERAL:
            self._database.execute(f"CREATE INDEX by_{facet} ON of_{facet} (offer, value)")
        self._database.execute("CREATE INDEX by_kind ON offers (kind, newest)")
        self._database.execute("CREATE INDEX by_newest ON offers (newest)")
        self._database.execute("INSERT INTO words (words) VALUES ('optimize')")
        self._database.execute("ANALYZE")

    def ask(self, asked: Asked) -> Answer:
        """Answer with one query for the list, one for the total, and one for each facet."""
        words = " AND ".join('"{}"'.format(word.replace('"', '""')) for word in asked.words)
        if asked.sort is Sort.TEXT:
            return self._listed(words)
        source, best = "offers AS found", "found.newest DESC, found.id DESC"
        if words:
            self._match(words)
            source, best = "matched AS found", "found.score"
        where = self._where(asked)
        [(total,)] = self._rows(f"SELECT count(*) FROM {source}{where}")
        page = f"SELECT found.id FROM {source}{where} ORDER BY {best} LIMIT {FIRST}"
        numbers = [number for (number,) in self._rows(page)]
        counts = {
            facet: self._codes.named(facet, self._counted(facet, source, asked))
            for facet in COUNTED
        }
        return Answer(numbers, total, counts)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _insert(self, rows: list[Row]) -> None:
        insert = self._database.executemany
        number = self._codes.number
        kinds = [(row.number, number("kind", row.values["kind"][0]), row.newest) for row in rows]
        insert("INSERT INTO offers VALUES (?, ?, ?)", kinds)
        texts = [(row.number, row.title, row.body) for row in rows]
        insert("INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)", texts)
        for facet in SEVERAL:
            values = [
                (number(facet, value), row.number) for row in rows for value in row.values[facet]
            ]
            insert(f"INSERT INTO of_{facet} VALUES (?, ?)", values)

    def _match(self, words: str) -> None:
        self._database.execute("DELETE FROM matched")
        self._database.execute(
            f"INSERT INTO matched SELECT words.rowid, {SCORE}, kind, newest FROM words"
            " JOIN offers ON offers.id = words.rowid WHERE words MATCH ?",
            (words,),
        )

    def _listed(self, words: str) -> Answer:
        [(total,)] = self._rows("SELECT count(*) FROM words WHERE words MATCH ?", words)
        page = f"SELECT rowid FROM words WHERE words MATCH ? ORDER BY {SCORE} LIMIT {FIRST}"
        return Answer([number for (number,) in self._rows(page, words)], total)

    def _counted(self, facet: str, source: str, asked: Asked) -> sqlite3.Cursor:
        where = self._where(asked, blind_to=facet)
        if facet == "kind":
            return self._rows(f"SELECT kind, count(*) FROM {source}{where} GROUP BY kind")
        if not where and not asked.words:
            return self._rows(f"SELECT value, count(*) FROM of_{facet} GROUP BY value")
        return self._rows(
            f"SELECT carried.value, count(*) FROM {source}"
            f" CROSS JOIN of_{facet} AS carried ON carried.offer = found.id{where}"
            " GROUP BY carried.value"
        )

    def _where(self, asked: Asked, *, blind_to: str | None = None) -> str:
        """Give the condition of what is chosen."""
        conditions = []
        for facet, values in asked.chosen.items():
            if facet != blind_to:
                some = ", ".join(str(self._codes.number(facet, value)) for value in values)
                carrying = f"SELECT offer FROM of_{facet} WHERE value IN ({some})"
                conditions.append(
                    f"found.kind IN ({some})" if facet == "kind" else f"found.id IN ({carrying})"
                )
        return f" WHERE {' AND '.join(conditions)}" if conditions else ""

    def _rows(self, statement: str, *given: str) -> sqlite3.Cursor:
        return self._database.execute(statement, given)
