"""How well search finds: `python -m benchmarks.relevance` asks the judged queries and the passages.

Ranking is tuned on the half called dev; the half called held is for the verdict, and which of its
queries found nothing is not told.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.relevance import passages, report
from benchmarks.relevance.academies import academy_of
from benchmarks.relevance.asking import answers, out_of_reach
from benchmarks.relevance.judged import TYPES, judged_queries
from tests.corpus import SAMPLE, sample_records

RECORDS = SAMPLE / "courses.jsonl"
PASSAGES = "passages"


def main(arguments: Sequence[str]) -> int:
    """Ask, print, keep; tell the exit code."""
    chosen = _options().parse_args(arguments)
    if not RECORDS.exists():
        print(f"There is nothing to search in: the sample of real records ({RECORDS}) is missing.")
        return 1
    told: dict[str, Any] = {}
    if chosen.only != PASSAGES:
        told |= _judged(chosen)
    if passages.are_at_hand() and not chosen.language and chosen.only in (None, PASSAGES):
        told["passages"] = report.of_passages(
            passages.ask(anew=chosen.anew, meaning=chosen.meaning)
        )
    report.show(told)
    if not chosen.only and not chosen.language:
        report.keep(told, Path("build") / "relevance.json")
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.relevance", description=__doc__)
    parser.add_argument("--only", choices=(*TYPES, PASSAGES), help="ask one type of queries")
    parser.add_argument("--language", help="ask the queries in one language")
    parser.add_argument("--misses", action="store_true", help="say which dev queries found nothing")
    parser.add_argument("--anew", action="store_true", help="fill the academies again")
    parser.add_argument(
        "--words-alone", dest="meaning", action="store_false", help="leave meaning out"
    )
    return parser


def _judged(chosen: argparse.Namespace) -> dict[str, Any]:
    asked = [
        one
        for one in judged_queries()
        if chosen.only in (None, one.type) and chosen.language in (None, one.language)
    ]
    if not asked:
        print("No judged query is of that type and in that language.")
        return {}
    how = {"anew": chosen.anew, "meaning": chosen.meaning}
    app = academy_of("sample", [RECORDS], lambda: sample_records(SAMPLE), **how)
    found = answers(app, [one.query for one in asked], "Asking")
    answered = [report.Answered(*pair) for pair in zip(asked, found, strict=True)]
    hidden = out_of_reach(app, frozenset().union(*(one.relevant for one in asked)))
    if hidden:
        print(
            f"Nobody can find {len(hidden)} relevant records: {', '.join(sorted(hidden)[:5])} ..."
        )
    missed = report.missed(answered)
    told = [one for one in missed if not one.is_held]
    if chosen.misses:
        for one in told:
            print(f"{one.language} {one.type}: {one.query}")
        print(f"Without a relevant offer: {len(told)} of dev, {len(missed) - len(told)} held back.")
    return {
        "groups": {name: report.figures(some) for name, some in report.groups(answered).items()},
        "missed": {f"{one.language} {one.type} {one.query}": sorted(one.relevant) for one in told},
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
