"""The words for the fields of an offer's form and for what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.i18n import current_language, language_name, number
from academy.i18n import gettext as _
from academy.text import plain_text
from courses.catalogue.models import Certificate, Cost, Delivery, Level, Pace, State
from courses.catalogue.texts import TextOrigin
from courses.editing.fields import Value
from courses.editing.form import LISTS
from courses.editing.models import VersionSource
from courses.vocabularies.queries import Vocabularies
from courses.web import phrases

STATES = {
    State.DRAFT: _l("Draft"),
    State.SUBMITTED: _l("Handed in"),
    State.CHANGES_ASKED: _l("Changes asked for"),
    State.PUBLISHED: _l("Published"),
    State.ARCHIVED: _l("Withdrawn"),
}
SOURCES = {
    VersionSource.HUMAN: _l("By hand"),
    VersionSource.HARVEST: _l("Read from your feed"),
    VersionSource.UPLOAD: _l("From a spreadsheet"),
    VersionSource.API: _l("By a program"),
    VersionSource.RESTORED: _l("An earlier version restored"),
}
ORIGINS = {
    TextOrigin.ORIGINAL: _l("Written by its author"),
    TextOrigin.MACHINE: _l("Translated by a machine"),
    TextOrigin.CHECKED: _l("Translated by a machine, checked by a person"),
}
COSTS = {Cost.FREE: _l("Free of charge"), Cost.PAID: _l("For a fee")}
FIELDS: Mapping[str, LazyString] = {
    "state": _l("State"),
    "kind": _l("Course or webinar"),
    "language": _l("Original language"),
    "title": _l("Title"),
    "summary": _l("Summary"),
    "description": _l("What it is about"),
    "origin": _l("Who wrote this text"),
    "audience": _l("For whom, in your words"),
    "issues": _l("Issues"),
    "methodologies": _l("How people learn"),
    "audiences": _l("For whom"),
    "taught": _l("Taught in"),
    "subtitles": _l("Subtitles in"),
    "materials": _l("Materials in"),
    "interface": _l("Buttons and menus in"),
    "provider": _l("Taught by, if not by your institution"),
    "address": _l("Web address of the course"),
    "contact": _l("Who answers questions"),
    "cost": _l("Cost"),
    "certificate": _l("Certificate"),
    "level": _l("Level"),
    "pace": _l("Pace"),
    "delivery": _l("Where people learn"),
    "workload_minutes": _l("Time it takes, in minutes"),
    "workload": _l("Time it takes, in your words"),
    "data_mb": _l("Data needed, in megabytes"),
    "data_mb_light": _l("Data needed without video, in megabytes"),
    "licence": _l("Licence of the materials"),
    "runs": _l("When it takes place"),
    "zone": _l("Time zone"),
    "starts_at": _l("Starts"),
    "ends_at": _l("Ends"),
    "enrol_until": _l("Enrolment until"),
    "capacity": _l("Places"),
    "date": _l("Day"),
    "starts": _l("From"),
    "ends": _l("To"),
    "join_link": _l("Link to join"),
    "recording": _l("Recording"),
    "cancelled": _l("Cancelled"),
    "new_language": _l("Another language"),
}
CHOICES: Mapping[str, Mapping[str, LazyString]] = {
    "state": {key.value: label for key, label in STATES.items()},
    "kind": {key.value: label for key, label in phrases.KINDS.items()},
    "cost": {key.value: label for key, label in COSTS.items()},
    "certificate": {key.value: phrases.CERTIFICATES[key] for key in Certificate},
    "level": {key.value: phrases.LEVELS[key] for key in Level},
    "pace": {key.value: phrases.PACES[key] for key in Pace},
    "delivery": {key.value: phrases.DELIVERIES[key] for key in Delivery},
    "origin": {key.value: label for key, label in ORIGINS.items()},
    "cancelled": {"yes": _l("Yes")},
}
FIGURES = frozenset(("capacity", "workload_minutes", "data_mb", "data_mb_light"))
MOST_DIGITS = 15


class Names:
    """Names fields by their paths, and runs and meetings by where they stand among these."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._numbers: dict[str, dict[str, int]] = {}
        for path in paths:
            parts = path.split(".")
            if parts[0] == "runs" and len(parts) > 1:
                self._number("", parts[1])
                if len(parts) > 3 and parts[2] == "meetings":
                    self._number(parts[1], parts[3])

    def _number(self, within: str, key: str) -> int:
        known = self._numbers.setdefault(within, {})
        return known.setdefault(key, len(known) + 1)

    def of(self, path: str) -> str:
        """Name the field of a path."""
        match path.split("."):
            case ["texts", code, name] | ["audience" as name, code]:
                return in_language(name, code)
            case ["languages", role]:
                return str(FIELDS[role])
            case ["runs", reference]:
                return _("Edition %(number)s", number=self._number("", reference))
            case ["runs", reference, "meetings", uid, name, *_language]:
                edition, meeting = self._number("", reference), self._number(reference, uid)
                return of_meeting(name, edition, meeting)
            case ["runs", reference, name]:
                return of_run(name, self._number("", reference))
        return str(FIELDS.get(path, path))


def in_language(name: str, code: str) -> str:
    """Name a field of one language."""
    language = language_name(code, current_language())
    return _("%(field)s (%(language)s)", field=FIELDS[name], language=language)


def of_run(name: str, number: int) -> str:
    """Name a field of an edition."""
    return _("Edition %(number)s: %(field)s", number=number, field=FIELDS[name])


def of_meeting(name: str, edition: int, number: int) -> str:
    """Name a field of a meeting."""
    return _(
        "Edition %(edition)s, meeting %(number)s: %(field)s",
        edition=edition,
        number=number,
        field=FIELDS.get(name, name),
    )


def of_name(name: str) -> str:
    """Name a field by the name it has in the form, such as "runs-0-capacity"."""
    match name.split("-"):
        case ["texts", *code, field] | ["audience" as field, *code] if field in FIELDS:
            return in_language(field, "-".join(code))
        case ["languages", role]:
            return str(FIELDS[role])
        case ["runs", run, "meetings", meeting, field, *_language]:
            return of_meeting(field, int(run) + 1, int(meeting) + 1)
        case ["runs", run, field]:
            return of_run(field, int(run) + 1)
    return str(FIELDS.get(name, name))


def told(path: str, value: Value | None, vocabulary: Vocabularies) -> str:
    """Say what a field holds, in the reader's words; "" for nothing."""
    name = path.rpartition(".")[2]
    if isinstance(value, list):
        return _(", ").join(_told_code(path, code, vocabulary) for code in value)
    if not value:
        return ""
    if path == "language":
        return language_name(value, current_language())
    if name == "description":
        return plain_text(value)
    if name in FIGURES and value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS:
        return number(int(value))
    return str(CHOICES.get(name, {}).get(value, value))


def _told_code(path: str, code: str, vocabulary: Vocabularies) -> str:
    reader = current_language()
    if path.startswith("languages."):
        return language_name(code, reader)
    return vocabulary.label(LISTS[path], code, reader) if path in LISTS else code
