"""The most memory that a process takes that harvests a source of so many records, in MB.

`python -m benchmarks.growing 10000` harvests as many from a server, a thousand a page.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import flask_migrate

from academy import create_app
from academy.db import unit_of_work
from courses.harvesting.models import HarvestState
from courses.vocabularies.operations import sync
from tests.harvesting.partner import Answer, Asked, Partner, approved, partner_serving, read
from tests.harvesting.weighing import memory_at_most
from tests.making import settings_for

PAGE_SIZE = 1_000


def page_of(number: int, most: int, partner: Partner) -> bytes:
    """Write a page of an interface; each of its records is short, but for its description."""
    first = number * PAGE_SIZE
    records = [
        {
            "id": turn,
            "title": f"Water in the city, part {turn}",
            "url": f"https://school.example/{turn}",
            "language": "en",
            "description": f"All that a city of {turn} people needs to know of water. " * 5,
        }
        for turn in range(first, min(first + PAGE_SIZE, most))
    ]
    more = f"{partner.url}/api?page={number + 1}" if first + PAGE_SIZE < most else None
    return json.dumps({"results": records, "next": more}).encode()


def main(arguments: Sequence[str]) -> None:
    """Harvest, and print the memory."""
    most = int(arguments[0])
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as name:
        app = create_app(settings_for(Path(name)))
        with app.app_context(), partner_serving() as partner:
            flask_migrate.upgrade()
            with unit_of_work():
                sync()

            def answer(asked: Asked) -> None:
                number = int(asked.path.partition("page=")[2] or 0)
                partner.pages = {asked.path: Answer(page_of(number, most, partner))}
                partner.asked.clear()

            partner.before = answer
            harvest = read(app, approved(f"{partner.url}/api", "objects"), partner)
            if (harvest.state, harvest.added) != (HarvestState.DONE, most):
                raise RuntimeError(f"{harvest.state} {harvest.code}: {harvest.added}")
    sys.stdout.write(f"{memory_at_most():.1f}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
