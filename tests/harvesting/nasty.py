"""The nastiest files that a partner could send, by the adapter that reads them."""

from __future__ import annotations

from tests.harvesting.nasty_documents import OAI, SCHEDULE, SCHEMAORG
from tests.harvesting.nasty_feeds import FEED, ICAL
from tests.harvesting.nasty_filled import Make
from tests.harvesting.nasty_lines import CSV, JSONL
from tests.harvesting.nasty_objects import MOOCHUB, MOODLE, OBJECTS, OPENEDX
from tests.harvesting.nasty_workbooks import SHEET

NASTY: dict[str, dict[str, Make]] = {
    "csv": CSV,
    "feed": FEED,
    "ical": ICAL,
    "jsonl": JSONL,
    "moochub": MOOCHUB,
    "moodle": MOODLE,
    "oai": OAI,
    "objects": OBJECTS,
    "openedx": OPENEDX,
    "schedule": SCHEDULE,
    "schemaorg": SCHEMAORG,
    "sheet": SHEET,
}
