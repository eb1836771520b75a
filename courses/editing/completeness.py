"""How complete an offer is: what it needs before it can be published, and what would help."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from courses.catalogue.models import Kind
from courses.editing.form import Content

REQUIRED_WEIGHT, HELPFUL_WEIGHT = 10, 5


@dataclass(frozen=True, slots=True)
class Hint:
    """What is missing: the field of the form, a sentence, whether nothing is published without."""

    field: str
    sentence: LazyString
    required: bool


@dataclass(frozen=True, slots=True)
class Completeness:
    """How far an offer has come, in per cent, and what it lacks: what it needs comes first."""

    percent: int
    hints: list[Hint]

    @property
    def lacking(self) -> list[Hint]:
        """What is needed before it can be published."""
        return [hint for hint in self.hints if hint.required]


Asked = tuple[str, Callable[[Content], bool], LazyString]


def _has_a_way(form: Content) -> bool:
    """A course needs an address; a webinar needs an hour, and where it is held is told later."""
    if form["kind"] == Kind.WEBINAR:
        return any(run["meetings"] or run["starts_at"] for run in form["runs"])
    return bool(form["address"])


REQUIRED: tuple[Asked, ...] = (
    ("title", lambda form: _says(form, "title"), _l("Give it a title.")),
    (
        "languages-taught",
        lambda form: bool(form["languages"]["taught"]),
        _l("Say in which language it is taught."),
    ),
    ("issues", lambda form: bool(form["issues"]), _l("Choose the issue it is about.")),
    (
        "methodologies",
        lambda form: bool(form["methodologies"]),
        _l("Choose how people learn in it."),
    ),
    ("cost", lambda form: bool(form["cost"]), _l("Say whether it is free of charge.")),
    ("contact", lambda form: bool(form["contact"]), _l("Say who answers questions.")),
)
HELPFUL: tuple[Asked, ...] = (
    (
        "description",
        lambda form: _says(form, "description"),
        _l("Describe what people will be able to do afterwards."),
    ),
    ("way", _has_a_way, _l("Give the address at which people take part.")),
    (
        "audiences",
        lambda form: bool(form["audiences"]),
        _l("Say for whom it is: people look for their own role."),
    ),
    (
        "workload_minutes",
        lambda form: bool(form["workload_minutes"] or form["workload"]),
        _l("Say how much time it takes."),
    ),
    (
        "data_mb",
        lambda form: bool(form["data_mb"]),
        _l("Say how much data it takes: many people pay for every megabyte."),
    ),
    ("level", lambda form: bool(form["level"]), _l("Say how much people need to know before.")),
    (
        "certificate",
        lambda form: bool(form["certificate"]),
        _l("Say whether there is a certificate."),
    ),
    (
        "new_language",
        lambda form: len(form["texts"]) > 1,
        _l("Give the title and the summary in a second language."),
    ),
)


def completeness(form: Content, wrong: Collection[str] = ()) -> Completeness:
    """Judge a form: six answers it needs, at 10 per cent each, and eight that help, at 5.

    An answer in one of the fields that are `wrong` does not count: it is asked for again.
    """
    asked = [(one, True) for one in REQUIRED] + [(one, False) for one in HELPFUL]
    hints, percent = [], 0
    for (field, answered, sentence), required in asked:
        hint = _hint(form, field, sentence, required)
        if not answered(form) or hint.field in wrong:
            hints.append(hint)
        else:
            percent += REQUIRED_WEIGHT if required else HELPFUL_WEIGHT
    return Completeness(percent, hints)


def untitled(form: Content) -> list[str]:
    """Name the languages in which something is said, but no title given."""
    return [
        code
        for code, text in form["texts"].items()
        if not text["title"] and (text["summary"] or text["description"])
    ]


def _hint(form: Content, field: str, sentence: LazyString, required: bool) -> Hint:
    if field in {"title", "description"}:
        field = f"texts-{_first_language(form)}-{field}"
    elif field == "way":
        is_webinar = form["kind"] == Kind.WEBINAR
        field = "runs" if is_webinar else "address"
        sentence = _l("Say when it takes place.") if is_webinar else sentence
    return Hint(field, sentence, required)


def _first_language(form: Content) -> str:
    own: str = form["language"]
    return own if own in form["texts"] else next(iter(form["texts"]), own)


def _says(form: Content, name: str) -> bool:
    return any(text[name] for text in form["texts"].values())
