"""How fast the academy is: `python -m benchmarks` measures, prints a table, and judges by ratios.

`python -m benchmarks 2000` does so with fewer records.

Times in seconds depend on the machine and are only shown beside their aims. What decides is how
parts of one run compare with each other; a run in which one of these gates is shut ends with 1.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from academy import create_app
from benchmarks import filling, finding, freshness, harvesting, pages
from benchmarks.figures import Figures
from tests.making import settings_for
from tests.serving import serving


def main(arguments: Sequence[str]) -> int:
    """Measure everything; tell the exit code."""
    number = int(arguments[0]) if arguments else None
    figures = Figures()
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as name:
        settings = settings_for(Path(name), development=True)
        app = create_app(settings)
        filling.measure(app, figures, number=number)
        asked = finding.measure(app, figures)
        with serving(settings) as site:
            pages.measure(site, asked, figures)
            freshness.measure(app, site, figures)
        harvesting.measure(app, figures)
    figures.judge()
    figures.show()
    figures.keep(Path("build") / "benchmarks.json")
    return 0 if figures.are_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
