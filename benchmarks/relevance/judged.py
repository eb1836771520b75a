"""The judged queries: what people type, and the records that answer it.

A file a language, a table a type; a line gives the query and the identifiers of what is relevant.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "judged"
TYPES = {
    "known": "one record, remembered in other words",
    "topic": "a subject of several records",
    "morphology": "a word in another form than in the title",
    "cross": "records in other languages than the query's",
    "script": "letters typed in another way",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A query and what is relevant to it, as `source:source_id`."""

    query: str
    type: str
    language: str
    relevant: frozenset[str]

    @property
    def is_held(self) -> bool:
        """Whether this query is kept for the verdict: ranking is tuned on the other half alone."""
        return hashlib.sha256(self.query.encode()).digest()[0] % 2 == 1


def judged_queries(folder: Path = FOLDER) -> list[Judged]:
    """Read the judged queries of every language."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        for type_, queries in told.items():
            for query, relevant in queries.items():
                found.append(Judged(query, type_, path.stem.partition("-")[0], frozenset(relevant)))
    return found
