"""A web server loads what it answers with, and not what migrates, keeps the clock, reads sheets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from academy.config import CHECKOUT

UNNEEDED = (
    *("alembic", "cryptography", "feedparser", "huey", "langcodes", "psycopg", "pygments"),
    *("python_calamine", "recurring_ical_events", "rich"),
)
LOADED = f"""
import sys
from pathlib import Path
from tests.making import settings_for
from academy import create_app
create_app(settings_for(Path(sys.argv[1])))
print(sorted(sys.modules.keys() & set({UNNEEDED})))
"""


def test_a_web_server_loads_nothing_that_only_others_need(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", LOADED, str(tmp_path)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "[]\n"
