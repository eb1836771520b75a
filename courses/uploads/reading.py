"""What a row says: a form as people fill it in by hand, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.errors import Invalid
from academy.i18n import base_language
from academy.text import fold_phrase
from courses.editing import rules as editing
from courses.editing.checking import checked
from courses.editing.form import LISTS, Content, tidy
from courses.editing.hours import ONE_DAY
from courses.harvesting.reading import values as reading
from courses.harvesting.reading.languages import language
from courses.uploads.fields import CHOICES, Columns, words_of_choices
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import Vocabularies

Cells = Mapping[str, str]
Problems = dict[str, str | LazyString]
MANY = re.compile(r"[|;\n]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_HOUR = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{1,2}:\d{2})(?::\d{2})?")
PLAIN = ("address", "contact", "workload_minutes", "data_mb", "licence")
A_DATE = _l("Write a date as 2026-11-24, or a date and an hour as 2026-11-24 14:00.")


@dataclass(frozen=True)
class RowReader:
    """Reads the rows of one sheet: its columns, the vocabularies, what the institution does."""

    columns: Columns
    vocabulary: Vocabularies
    zone: str

    @cached_property
    def choices(self) -> dict[str, dict[str, str]]:
        """The words for every choice."""
        return words_of_choices()

    def read(self, cells: Cells) -> tuple[Content, Problems]:
        """Read a row: the form it means, and what in it cannot be read."""
        problems: Problems = {}
        told = {field: cells.get(header, "") for field, header in self.columns.items()}
        taught = self._languages(told, "language", problems)
        own = taught[0] if taught else ""
        text = {name: told.get(name, "") for name in ("title", "summary", "description")}
        kind = self._choice(told, "kind", problems)
        form: dict[str, Any] = {
            "kind": kind,
            "language": own,
            "texts": {own: text} if own else {},
            "languages": {
                "taught": taught,
                "subtitles": self._languages(told, "subtitles", problems),
            },
            **{name: self._terms(told, name, of, problems) for name, of in LISTS.items()},
            "runs": [self._run(told, kind, problems)],
        }
        form |= {name: self._choice(told, name, problems) for name in CHOICES if name != "kind"}
        form |= {name: told.get(name, "") for name in PLAIN}
        return tidy(form), problems

    def _choice(self, told: Cells, field: str, problems: Problems) -> str:
        said = told.get(field, "")
        if not said:
            return ""
        code = self.choices[field].get(fold_phrase(said)) or _guessed(field, said)
        if not code:
            words = ", ".join(str(word) for word in CHOICES[field].values())
            problems[field] = _l("“%(said)s” is none of: %(words)s.", said=said[:60], words=words)
        return code

    def _languages(self, told: Cells, field: str, problems: Problems) -> list[str]:
        words = [word.strip() for word in re.split(r"[|;,/\n]", told.get(field, ""))]
        codes = {word: self._known(language(word)) for word in words if word}
        for word, code in codes.items():
            if code is None:
                problems[field] = _l("“%(said)s” is no language we know.", said=word[:60])
        return list(dict.fromkeys(code for code in codes.values() if code))

    def _known(self, code: str | None) -> str | None:
        base = base_language(code or "")
        return code if (Vocabulary.LANGUAGE, base) in self.vocabulary.by_code else None

    def _terms(
        self, told: Cells, field: str, vocabulary: Vocabulary, problems: Problems
    ) -> list[str]:
        words = [word.strip() for word in MANY.split(told.get(field, "")) if word.strip()]
        codes: list[str] = []
        for word in words:
            term = self.vocabulary.by_word.get((vocabulary, fold_phrase(word)))
            if term is None:
                problems[field] = _l(
                    "“%(said)s” is not in our list. Part several words by a semicolon.",
                    said=word[:60],
                )
            else:
                codes.append(term.code)
        return list(dict.fromkeys(codes))

    def _run(self, told: Cells, kind: str, problems: Problems) -> dict[str, Any]:
        zone = told.get("zone", "") or self.zone
        starts, ends = (_when(told.get(name, ""), name, problems) for name in ("starts", "ends"))
        run: dict[str, Any] = {"zone": zone, "capacity": told.get("capacity", "")}
        if kind == "webinar" and "T" in starts:
            run["meetings"] = [_meeting(starts, ends, told.get("join_link", ""), problems)]
        else:
            run |= {"starts_at": starts, "ends_at": ends}
        return run


def _guessed(field: str, said: str) -> str:
    found = {"cost": reading.cost, "level": reading.level, "delivery": reading.delivery}.get(field)
    code = found(said) if found else None
    if field == "kind" and reading.kind(said) == "webinar":
        return "webinar"
    return str(code) if code else ""


def _when(text: str, field: str, problems: Problems) -> str:
    """Read a day or an hour; a day begins as the day begins, and nothing is guessed."""
    if not text:
        return ""
    hour = _HOUR.fullmatch(text)
    if _DAY.fullmatch(text):
        read = f"{text}T00:00" if field == "starts" else f"{text}T23:59"
    else:
        read = f"{hour[1]}T{hour[2].rjust(5, '0')}" if hour else ""
    try:
        datetime.fromisoformat(read)
    except ValueError:
        problems[field] = A_DATE
        return ""
    return read


def _meeting(starts: str, ends: str, join_link: str, problems: Problems) -> dict[str, str]:
    day, _t, hour = starts.partition("T")
    last_hour = ends.partition("T")[2]
    if not ends:
        problems.setdefault("ends", _l("A webinar needs the hour at which it ends."))
    elif ends < starts:
        problems["ends"] = _l("It ends before it starts.")
    elif datetime.fromisoformat(ends) - datetime.fromisoformat(starts) >= ONE_DAY:
        problems["ends"] = _l(
            "A webinar ends within a day of its beginning. Give one of several meetings its hours"
            " at the desk."
        )
    return {"date": day, "starts": hour, "ends": last_hour, "join_link": join_link}


def problems_with(form: Content, vocabulary: Vocabularies) -> Problems:
    """Name what keeps a form from being published, by our fields."""
    try:
        editing.check_may_publish(form, checked(form, vocabulary))
    except Invalid as lacking:
        return {_field(place): sentence for place, sentence in lacking.fields.items()}
    return {}


def _field(place: str) -> str:
    """Name the column of a place in the form, such as "texts-en-title" or "runs-0-starts_at"."""
    last = place.rpartition("-")[2]
    if place.startswith("languages") or place == "language":
        return "subtitles" if last == "subtitles" else "language"
    return {"starts_at": "starts", "ends_at": "ends", "date": "starts"}.get(last, last)
