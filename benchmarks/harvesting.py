"""Harvesting from a server: how fast each format is read, read again, and with how much memory.

`python -m benchmarks.harvesting` measures this alone, in an academy of its own; numbers after it
are how many records to read for each format, and the sizes of the sources whose memory is looked
at, such as `500 1000 10000 100000`.

Times are those of the processor, for machines are shared: of the harvest and of the server it asks.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice, product
from pathlib import Path
from string import ascii_lowercase
from threading import Event
from time import process_time

import flask_migrate
from flask import Flask

from academy import create_app
from academy.db import db, unit_of_work
from benchmarks.figures import Figures
from courses.harvesting.harvests.keeping import carry_out_next
from courses.harvesting.models import Harvest, HarvestState
from courses.progress import progress
from courses.vocabularies.operations import sync
from tests.harvesting.courses_told import Courses
from tests.harvesting.partner import (
    Partner,
    approved,
    ask,
    door_to,
    forget_where_we_were,
    partner_serving,
)
from tests.harvesting.publishing import PUBLISHING, publish
from tests.making import settings_for

EACH = 700
PAGE_SIZE = 100
SIZES = (1_000, 5_000)
PAGE_EACH = frozenset(("schemaorg",))
"""Formats of which each record is a page: to ask for it takes as long as to write it."""

FEWER = 7


def measure(
    app: Flask, figures: Figures, *, each: int = EACH, sizes: Sequence[int] = SIZES
) -> None:
    """Harvest made courses in every format, thrice; then look at the memory of larger sources."""
    with app.app_context(), progress("Harvesting", len(PUBLISHING)) as teller:
        for number, adapter in enumerate(sorted(PUBLISHING), 1):
            _measure(app, figures, adapter, each)
            teller.tell(number)
    most = {size: _peak(size) for size in sizes}
    for size, megabytes in most.items():
        figures.add(f"Memory of a harvest of {size:,} records", megabytes, "MB", at_most=300)
    figures.compared["harvest of few"] = most[min(sizes)]
    figures.compared["harvest of many"] = most[max(sizes)]


def _measure(app: Flask, figures: Figures, adapter: str, each: int) -> None:
    each = each // FEWER if adapter in PAGE_EACH else each
    courses = Courses(list(islice(_names(), each)), page_size=PAGE_SIZE)
    with partner_serving() as partner:
        address = publish(partner, adapter, courses)
        source = approved(address, adapter, institution=f"partner-of-{adapter}")
        first = _seconds(app, partner, source, each)
        again = _seconds(app, partner, source, each)
        partner.etags = False
        sent_again = _seconds(app, partner, source, each)
    figures.add(f"Harvest of {adapter}", each / first, "records/s")
    figures.add(f"Harvest of {adapter}, unchanged", each / again, "records/s")
    figures.add(f"Harvest of {adapter}, unchanged but sent", each / sent_again, "records/s")
    if adapter not in PAGE_EACH:
        for turn, seconds in (("first", first), ("again", again), ("sent again", sent_again)):
            name = f"formats {turn}"
            figures.compared[name] = figures.compared.get(name, 0.0) + seconds


def _names() -> Iterator[str]:
    """Give names of three letters; some formats make numbers of them."""
    return ("".join(letters) for letters in product(ascii_lowercase, repeat=3))


def _seconds(app: Flask, partner: Partner, source: int, each: int) -> float:
    forget_where_we_were(source)
    asked, door = ask(source), door_to(partner)
    began = process_time()
    carry_out_next(door, app.config["SETTINGS"], stop=Event())
    seconds = process_time() - began
    db.session.expunge_all()
    harvest = db.session.get_one(Harvest, asked)
    if (harvest.state, harvest.read) != (HarvestState.DONE, each):
        raise RuntimeError(f"{harvest.state} {harvest.code}: {harvest.read} of {each}")
    db.session.rollback()
    return seconds


def _peak(size: int) -> float:
    """Tell the most memory of a process that harvests so many records, in MB."""
    command = [sys.executable, "-m", "benchmarks.growing", str(size)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main(arguments: Sequence[str]) -> int:
    """Measure this alone; tell the exit code."""
    each, *sizes = [int(one) for one in arguments] or [EACH]
    figures = Figures()
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as name:
        app = create_app(settings_for(Path(name)))
        with app.app_context():
            flask_migrate.upgrade()
            with unit_of_work():
                sync()
        measure(app, figures, each=each, sizes=sizes or SIZES)
    figures.judge()
    figures.show()
    return 0 if figures.are_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
