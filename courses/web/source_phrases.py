"""The words for sources and their readings: formats, schedules, states, what failed and why."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.i18n import gettext as _
from courses.harvesting.draft import Weight
from courses.harvesting.harvests.holding import WOULD_VANISH
from courses.harvesting.harvests.preview import Outcome
from courses.harvesting.models import Harvest, HarvestState
from courses.harvesting.sentences import FINDINGS, REASONS, reason
from courses.sources.credentials import CredentialKind
from courses.sources.models import Schedule, SourceState


@dataclass(frozen=True, slots=True)
class Format:
    """What people call a format, and one sentence that helps to know whether it is theirs."""

    label: LazyString
    help: LazyString


FORMATS: dict[str, Format] = {
    "schemaorg": Format(
        _l("Your website, with schema.org in its pages"),
        _l("Name the sitemap, or a page that lists your courses; we read what is marked there."),
    ),
    "csv": Format(
        _l("Table as CSV"),
        _l("A file with one row an offer; a published Google sheet gives one, too."),
    ),
    "sheet": Format(
        _l("Workbook (XLSX, XLS, ODS)"),
        _l("A workbook at a fixed address; every sheet with a column of titles is read."),
    ),
    "feed": Format(
        _l("News feed (RSS or Atom)"),
        _l("Also channels of YouTube and PeerTube; dates are read only where they are of events."),
    ),
    "ical": Format(
        _l("Calendar (iCalendar)"),
        _l("The address for subscribing to your calendar of events, often ending in .ics."),
    ),
    "moodle": Format(
        _l("Moodle"),
        _l("The address of your Moodle, and a token of its web services that may list courses."),
    ),
    "openedx": Format(
        _l("Open edX"),
        _l("The address of the platform is enough: its list of courses is open to everybody."),
    ),
    "moochub": Format(
        _l("MOOChub"),
        _l("The list of courses that your platform offers to MOOChub and to other portals."),
    ),
    "oai": Format(
        _l("Repository (OAI-PMH)"),
        _l("The base address of the interface; a set may be named in it, such as ?set=courses."),
    ),
    "schedule": Format(
        _l("Programme of a conference"),
        _l("The schedule.xml that pretalx, frab or Pentabarf publish."),
    ),
    "objects": Format(
        _l("Any other JSON interface"),
        _l("A list of objects; say below which of their names hold what, if it is not guessed."),
    ),
    "jsonl": Format(
        _l("JSON Lines of Urban Academy"),
        _l("Our own exchange format, one offer a line: what another academy exports."),
    ),
}
WITH_COLUMNS = frozenset(("csv", "sheet", "objects"))
"""Formats in which it is said which column holds what."""

SCHEDULES = {
    Schedule.DAILY: _l("Every night"),
    Schedule.WEEKLY: _l("Every week"),
    Schedule.HOURLY: _l("Every hour"),
    Schedule.BY_HAND: _l("Only when somebody asks for it"),
}
STATES = {
    SourceState.REQUESTED: _l("Waits for a steward"),
    SourceState.APPROVED: _l("Approved"),
    SourceState.PAUSED: _l("Paused"),
}
CREDENTIALS = {
    CredentialKind.MOODLE: _l("Token of Moodle's web services (wstoken)"),
    CredentialKind.BEARER: _l("Bearer token"),
    CredentialKind.BASIC: _l("User name and password"),
    CredentialKind.ARGUMENT: _l("Argument of the address, such as token"),
}
HARVESTS = {
    HarvestState.QUEUED: _l("Waits in line"),
    HarvestState.RUNNING: _l("Being read"),
    HarvestState.DONE: _l("Read"),
    HarvestState.FAILED: _l("Failed"),
    HarvestState.HELD: _l("On hold"),
    HarvestState.ABORTED: _l("Stopped"),
}
WEIGHTS = {
    Weight.REJECTED: _l("Record refused"),
    Weight.HELD: _l("Kept, not listed"),
    Weight.REPAIRED: _l("Mended"),
    Weight.NOTED: _l("For your attention"),
}
WOULD_LEAVE = _l("Listed until a steward decides")
OUTCOMES = {
    Outcome.NEW: _l("New"),
    Outcome.CHANGED: _l("Would change"),
    Outcome.SAME: _l("Stays as it is"),
    Outcome.REFUSED: _l("Would be refused"),
}
REFUSING = frozenset((Weight.REJECTED, Weight.HELD))
"""What keeps a record from the lists."""

WEIGHS = frozenset((HarvestState.FAILED, HarvestState.HELD))
"""What somebody should look at."""


def weight(code: str, weight: Weight) -> LazyString:
    """Say what a finding means for its record; what a held reading missed stays in the lists."""
    return WOULD_LEAVE if code == WOULD_VANISH else WEIGHTS[weight]


def format_of(adapter: str) -> str:
    """Name a format."""
    return str(FORMATS[adapter].label) if adapter in FORMATS else adapter


def why(harvest: Harvest) -> str:
    """Say why a reading failed, in the reader's language where there is a sentence for it."""
    if harvest.code in REASONS:
        return reason(harvest.code, harvest.details)
    return harvest.reason or _("Something unexpected went wrong. The stewards can see what.")


def finding(code: str) -> str:
    """Say what was found."""
    return str(FINDINGS[code]) if code in FINDINGS else code
