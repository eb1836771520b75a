"""PostgreSQL: a GIN index on the words, arrays for the facets, everything in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from operator import itemgetter
from pathlib import Path
from typing import Any

from benchmarks.search.asking import Answer, Asked, Sort
from benchmarks.search.data import COUNTED, Codes, Row, row_of
from benchmarks.search.engines import package
from benchmarks.search.postgresql_server import Server
from courses.search.documents import Document

FIRST = 20
LAST_POSITION = 16_383
WEIGHTS = "'{0, 0, 0.3, 1.0}'"
INDEXES = (
    "CREATE INDEX ON offers USING gin (words) WITH (fastupdate = off)",
    *(f"CREATE INDEX ON offers USING gin ({facet})" for facet in COUNTED),
    "CREATE INDEX ON offers (newest)",
    "VACUUM ANALYZE offers",
)


class Postgresql:
    """As somebody who knows PostgreSQL would build it, in a server of the benchmark's own."""

    name = "PostgreSQL FTS"

    def __init__(self, folder: Path) -> None:
        psycopg = package("psycopg")
        self._codes = Codes()
        self._server = Server(folder)
        self._connection: Any = psycopg.connect(self._server.address, autocommit=True)
        columns = ", ".join(f"{facet} smallint[]" for facet in COUNTED)
        self._connection.execute(
            f"CREATE TABLE offers (id int PRIMARY KEY, newest bigint, words tsvector, {columns})"
        )

    def build(self, documents: Iterable[Document]) -> None:
        """Copy everything in, then index it."""
        into = f"COPY offers (id, newest, words, {', '.join(COUNTED)}) FROM STDIN"
        with self._connection.cursor() as cursor, cursor.copy(into) as copy:
            for row in map(row_of, documents):
                facets = [self._array(facet, row.values[facet]) for facet in COUNTED]
                copy.write_row((row.number, row.newest, _vector(row), *facets))
        for statement in INDEXES:
            self._connection.execute(statement)

    def ask(self, asked: Asked) -> Answer:
        """Gather what matches once, and count and list from that."""
        words = " & ".join(map(_quoted, asked.words))
        told = defaultdict[str, list[tuple[int, int]]](list)
        rows = self._connection.execute(self._statement(asked), [words] if words else [])
        for what, value, number in rows:
            told[what].append((value, number))
        counted = () if asked.sort is Sort.TEXT else COUNTED
        [(_, total)] = told["total"]
        return Answer(
            [number for number, _ in sorted(told["page"], key=itemgetter(1))],
            total,
            {facet: self._codes.named(facet, told[facet]) for facet in counted},
        )

    def close(self) -> None:
        """Stop the server."""
        self._connection.close()
        self._server.stop()

    def _statement(self, asked: Asked) -> str:
        score, source, among = "0", "offers", self._reached(asked)
        if asked.words:
            score = f"ts_rank({WEIGHTS}, words, asked)"
            source, among = "offers, (SELECT %s::tsquery AS asked) AS typed", "words @@ asked"
        every, order = self._where(asked), "score DESC" if asked.words else "newest DESC, id DESC"
        first = f"SELECT id FROM found WHERE {every} ORDER BY {order} LIMIT {FIRST}"
        parts = [
            f"SELECT 'total', 0, count(*) FROM found WHERE {every}",
            f"SELECT 'page', id, row_number() OVER () FROM ({first}) AS first",
        ]
        if asked.sort is not Sort.TEXT:
            parts += [self._counted(facet, asked) for facet in COUNTED]
        return (
            f"WITH found AS MATERIALIZED (SELECT id, newest, {', '.join(COUNTED)},"
            f" {score} AS score FROM {source} WHERE {among}) {' UNION ALL '.join(parts)}"
        )

    def _counted(self, facet: str, asked: Asked) -> str:
        where = self._where(asked, blind_to=facet)
        return (
            f"SELECT '{facet}', value, count(*) FROM found, unnest({facet}) AS value"
            f" WHERE {where} GROUP BY value"
        )

    def _reached(self, asked: Asked) -> str:
        """Give the condition of everything that some count or the list needs."""
        each = [f"({self._where(asked, blind_to=facet)})" for facet in asked.chosen]
        return " OR ".join(each) or "true"

    def _where(self, asked: Asked, *, blind_to: str | None = None) -> str:
        conditions = [
            f"{facet} && '{self._array(facet, values)}'::smallint[]"
            for facet, values in asked.chosen.items()
            if facet != blind_to
        ]
        return " AND ".join(conditions) or "true"

    def _array(self, facet: str, values: Iterable[str]) -> str:
        numbers = ",".join(str(self._codes.number(facet, value)) for value in values)
        return f"{{{numbers}}}"


def _vector(row: Row) -> str:
    """Give the words with their places, those of the title marked."""
    title, body = row.title.split(), row.body.split()
    marked = [(word, "A") for word in title] + [(word, "B") for word in body]
    return " ".join(
        f"{_quoted(word)}:{min(place, LAST_POSITION)}{mark}"
        for place, (word, mark) in enumerate(marked, 1)
    )


def _quoted(word: str) -> str:
    """Quote a word for a vector or a query of PostgreSQL."""
    return "'{}'".format(word.replace("\\", "\\\\").replace("'", "''"))
