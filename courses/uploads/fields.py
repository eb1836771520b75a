"""The columns of a spreadsheet: our fields, their names in each language, what they take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import LazyString, force_locale
from flask_babel import lazy_gettext as _l

from academy.i18n import PUBLISHED
from academy.text import fold_phrase
from courses.catalogue.models import Certificate, Cost, Delivery, Kind, Level, Pace
from courses.harvesting.reading.columns import guess_columns

HEADERS: dict[str, LazyString] = {
    "id": _l("Your number for it"),
    "kind": _l("Course or webinar"),
    "title": _l("Title"),
    "summary": _l("Summary"),
    "description": _l("Description"),
    "language": _l("Taught in"),
    "subtitles": _l("Subtitles in"),
    "address": _l("Web address"),
    "issues": _l("Issues"),
    "methodologies": _l("Methods"),
    "audiences": _l("For whom"),
    "contact": _l("Contact"),
    "cost": _l("Cost"),
    "certificate": _l("Certificate"),
    "level": _l("Level"),
    "pace": _l("Pace"),
    "delivery": _l("Delivery"),
    "workload_minutes": _l("Minutes of work"),
    "data_mb": _l("Data needed, in MB"),
    "licence": _l("Licence"),
    "starts": _l("Begins"),
    "ends": _l("Ends"),
    "zone": _l("Time zone"),
    "capacity": _l("Places"),
    "join_link": _l("Join link"),
}
CHOICES: dict[str, dict[str, LazyString]] = {
    "kind": {Kind.COURSE: _l("Course"), Kind.WEBINAR: _l("Webinar")},
    "cost": {Cost.FREE: _l("Free"), Cost.PAID: _l("Paid")},
    "certificate": {
        Certificate.FREE: _l("Free certificate"),
        Certificate.PAID: _l("Paid certificate"),
        Certificate.NONE: _l("No certificate"),
    },
    "level": {
        Level.INTRODUCTORY: _l("Introductory"),
        Level.INTERMEDIATE: _l("Intermediate"),
        Level.ADVANCED: _l("Advanced"),
    },
    "pace": {
        Pace.SELF: _l("At your own pace"),
        Pace.INSTRUCTOR: _l("With dates and a facilitator"),
    },
    "delivery": {
        Delivery.ONLINE: _l("Online"),
        Delivery.HYBRID: _l("Online and on site"),
        Delivery.ON_SITE: _l("On site"),
        Delivery.OFFLINE: _l("Offline"),
    },
}
ALSO_CALLED: dict[str, LazyString] = {
    "description": _l("What it is about"),
    "address": _l("Web address of the course"),
    "methodologies": _l("How people learn"),
    "contact": _l("Who answers questions"),
    "delivery": _l("Where people learn"),
    "workload_minutes": _l("Time it takes, in minutes"),
    "data_mb": _l("Data needed, in megabytes"),
    "licence": _l("Licence of the materials"),
    "starts": _l("Starts"),
    "join_link": _l("Link to join"),
}
"""As the edit page calls them: who copies its labels into a sheet is understood."""

_OTHER_NAMES = {
    "address": "url",
    "issues": "subjects",
    "audiences": "audience",
    "starts": "start",
    "ends": "end",
}
"""Fields that harvesting calls otherwise: it knows how partners name their columns."""

Columns = Mapping[str, str]
"""Our field -> their header."""


def columns_of(headers: Sequence[str]) -> dict[str, str]:
    """Tell which header holds which field: by our own names in any language, else by a guess."""
    folded = {fold_phrase(header): header for header in reversed(headers)}
    found: dict[str, str] = {}
    for field, names in names_of_fields().items():
        header = next((folded[name] for name in names if name in folded), None)
        if header is not None and header not in found.values():
            found[field] = header
    left = [header for header in headers if header not in found.values()]
    guessed = guess_columns(left)
    for field in HEADERS:
        named = guessed.get(_OTHER_NAMES.get(field, field))
        if field not in found and named and named[0] not in found.values():
            found[field] = named[0]
    return found


def names_of_fields() -> dict[str, list[str]]:
    """Give the folded names of every field, in each published language, and its code."""
    names: dict[str, list[str]] = {field: [fold_phrase(field)] for field in HEADERS}
    for language in PUBLISHED:
        with force_locale(language):
            for field, header in (*HEADERS.items(), *ALSO_CALLED.items()):
                names[field].append(fold_phrase(str(header)))
    return names


def words_of_choices() -> dict[str, dict[str, str]]:
    """Give, for every field with choices, the folded words for each and the code they mean."""
    words = {
        field: {fold_phrase(code): str(code) for code in choices}
        for field, choices in CHOICES.items()
    }
    for language in PUBLISHED:
        with force_locale(language):
            for field, choices in CHOICES.items():
                words[field] |= {fold_phrase(str(word)): str(c) for c, word in choices.items()}
    return words
