"""What a process weighs that opened the index and answered: `python -m benchmarks.search.weighing`.

It is a process of its own with the whole academy imported, as a worker of the web server is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from academy import create_app
from academy.config import CHECKOUT
from benchmarks.pages import resident
from benchmarks.search.asking import NOW, Asked
from courses.search.answering.engine import search
from courses.search.answering.snapshots import Reader
from courses.search.engine import Question
from courses.search.lexicon import lexicon
from courses.search.params import SearchParams
from tests.making import settings_for


@dataclass(frozen=True, slots=True)
class Weight:
    """Megabytes of the academy alone, and once it knows all words and has answered."""

    size: int
    academy: float
    resident: float
    own: float
    """Of what is resident, the part that no other process shares: index files are mapped."""


def weigh(home: Path, folder: Path, size: int, questions: Sequence[Asked]) -> Weight:
    """Have a process of its own open the index in a folder and answer."""
    asked = [[one.params.q, one.params.chosen] for one in questions]
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(home), str(folder)],
        cwd=CHECKOUT,
        input=json.dumps(asked),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Weight(size, *json.loads(done.stdout.splitlines()[-1]))


def main(arguments: Sequence[str]) -> int:
    """Answer the questions on standard input, and tell what that made of this process."""
    home, folder = map(Path, arguments)
    asked = [
        SearchParams(text, {facet: tuple(values) for facet, values in chosen.items()})
        for text, chosen in json.load(sys.stdin)
    ]
    with create_app(settings_for(home, development=True)).app_context():
        alone = resident(os.getpid())
        known, reader = lexicon(), Reader(folder)
        for params in asked:
            search(reader.snapshot(), Question(params, NOW, known))
        print(json.dumps([alone, resident(os.getpid()), own()]))
    return 0


def own() -> float:
    """Tell how many megabytes this process has for itself alone."""
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
