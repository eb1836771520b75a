"""Questions about passages in several languages: in the passage's own, and across languages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.relevance.academies import academy_of
from benchmarks.relevance.asking import answers
from benchmarks.relevance.measures import recall, reciprocal_rank
from tests.corpus import SAMPLE, Record

FOLDER = SAMPLE / "xquad_dev"
SOURCE = "passages"
LONGEST_TITLE = 60


def are_at_hand() -> bool:
    """Whether the passages stand beside the checkout."""
    return FOLDER.exists()


def ask(*, anew: bool, meaning: bool) -> dict[str, dict[str, list[float]]]:
    """Ask every question; give by language the ranks at home and the recall across languages."""
    files = sorted(FOLDER.glob("passages.*.jsonl"))
    app = academy_of(SOURCE, files, _records, anew=anew, meaning=meaning)
    questions = list(_lines("queries"))
    asked = [question["query"] for question in questions]
    own: dict[str, list[float]] = {}
    across: dict[str, list[float]] = {}
    for question, found in zip(questions, answers(app, asked, "Asking passages"), strict=True):
        at_home = {f"{SOURCE}:{name}" for name in question["relevant"]}
        others = {f"{SOURCE}:{name}" for name in question["relevant_crosslingual"]} - at_home
        own.setdefault(question["lang"], []).append(reciprocal_rank(found, at_home))
        across.setdefault(question["lang"], []).append(recall(found, others))
    return {"own": own, "across": across}


def _records() -> list[Record]:
    """Make a record of each passage; its first words are its title, for a record must have one."""
    return [_record(passage) for passage in _lines("passages")]


def _record(passage: dict[str, Any]) -> Record:
    text = passage["text"].strip().strip("\ufeff")
    whole = text[: LONGEST_TITLE + 1].rpartition(" ")[0] if len(text) > LONGEST_TITLE else text
    return {
        "source": SOURCE,
        "source_id": passage["id"],
        "title": whole or text[:LONGEST_TITLE],
        "description": text,
        "language": passage["lang"],
        "lang_src": "declared",
        "kind": "course",
        "url": f"https://passages.example.org/{passage['id']}",
        "subjects": [],
    }


def _lines(name: str) -> Iterable[dict[str, Any]]:
    for path in sorted(Path(FOLDER).glob(f"{name}.*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)
