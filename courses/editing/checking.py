"""Reading an offer's form: what it means for the catalogue, and what is wrong where."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from academy.errors import Invalid
from courses.catalogue.content import LanguageContent, OfferContent, TextContent
from courses.catalogue.models import Kind
from courses.catalogue.texts import LanguageRole, TextOrigin
from courses.editing.form import LISTS, MOST_MEETINGS, MOST_RUNS, MOST_TEXTS, Content
from courses.editing.schema import OfferForm
from courses.editing.timetable import read_run
from courses.vocabularies.queries import Vocabularies

CHOSEN = (
    *("cost", "certificate", "level", "pace", "delivery"),
    *("workload_minutes", "data_mb", "data_mb_light"),
)
WRITTEN = ("provider", "address", "contact", "workload", "licence")


@dataclass(frozen=True, slots=True)
class Checked:
    """A form that was read: what of it can be understood, and what is wrong where.

    The places are names such as "texts-en-title" or "runs-0-meetings-1-starts".
    """

    content: OfferContent
    problems: dict[str, str | LazyString]


def check_size(told: Mapping[str, Any]) -> None:
    """Refuse a form with more rows than anybody needs.

    Raises Invalid.
    """
    runs = _rows(told, "runs")
    if len(runs) > MOST_RUNS:
        raise Invalid({"runs": _l("An offer has at most %(number)s editions.", number=MOST_RUNS)})
    if any(len(_rows(run, "meetings")) > MOST_MEETINGS for run in runs):
        most = _l("An edition has at most %(number)s meetings.", number=MOST_MEETINGS)
        raise Invalid({"runs": most})
    if len(_rows(told, "texts")) > MOST_TEXTS:
        raise Invalid({"texts": _l("Use at most %(number)s languages.", number=MOST_TEXTS)})


def _rows(told: object, name: str) -> Collection[Any]:
    rows = told.get(name) if isinstance(told, Mapping) else None
    return rows if isinstance(rows, list | dict) else ()


def checked(content: Content, vocabulary: Vocabularies) -> Checked:
    """Read a form, tidied or as JSON; never refuses."""
    schema = OfferForm(vocabulary)
    try:
        told, problems = schema.load(content), {}
    except ValidationError as wrong:
        valid = wrong.valid_data
        told = valid if isinstance(valid, dict) else {}
        problems = dict(_places(wrong.messages_dict))
    return Checked(_content(told, vocabulary), problems)


def _places(messages: Mapping[Any, Any], before: str = "") -> list[tuple[str, str | LazyString]]:
    """Name the place of each message as the fields of a form are named."""
    found: list[tuple[str, str | LazyString]] = []
    for name, inner in messages.items():
        place = f"{before}{name}"
        if isinstance(inner, Mapping):
            # In a dict marshmallow says whether the key or the value is wrong.
            deeper = inner.get("value", inner.get("key", inner))
            inner = deeper  # noqa: PLW2901
        if isinstance(inner, Mapping):
            found += _places(inner, f"{place}-")
        else:
            # A sentence of ours may stand bare, and a lazy one gives its letters by number.
            sentence = inner[0] if isinstance(inner, list) else inner
            found.append((place.removesuffix("-_schema"), sentence))
    return found


def _content(told: Mapping[str, Any], vocabulary: Vocabularies) -> OfferContent:
    texts = told.get("texts", {})
    return OfferContent(
        kind=told.get("kind", Kind.COURSE),
        language=told.get("language") or next(iter(texts), "en"),
        texts=[_text(code, text) for code, text in texts.items() if _says_something(text)],
        languages=[
            LanguageContent(code, LanguageRole(role))
            for role, codes in told.get("languages", {}).items()
            for code in codes
        ],
        term_ids=[
            vocabulary.by_code[of, code].id
            for name, of in LISTS.items()
            for code in told.get(name, ())
            if (of, code) in vocabulary.by_code
        ],
        audience=told.get("audience", {}),
        runs=[read_run(run)[0] for run in told.get("runs", ())],
        **{name: told.get(name, "") for name in WRITTEN},
        **{name: told.get(name) for name in CHOSEN},
    )


def _says_something(text: Mapping[str, Any]) -> bool:
    return any(text.get(name) for name in ("title", "summary", "description"))


def _text(code: str, text: Mapping[str, Any]) -> TextContent:
    return TextContent(
        language=code,
        title=text.get("title", ""),
        summary=text.get("summary") or None,
        description=text.get("description", ""),
        origin=text.get("origin", TextOrigin.ORIGINAL),
    )
