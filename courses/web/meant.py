"""What was probably meant where no offer has a word of the question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from flask import request, url_for

from academy.i18n import gettext as _
from academy.text import apart
from courses.search.engine import Found
from courses.search.find import find
from courses.search.params import SearchParams

AS_TYPED = "typed"
"""The parameter by which people insist on what they typed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer that is shown, to the question that was asked or to what was meant by it."""

    params: SearchParams
    found: Found
    meant: dict[str, str | None] | None = None
    """A sentence, if one is needed, and a link to the other question."""


def answer(params: SearchParams, found: Found, *, now: datetime) -> Answer:
    """Answer what was meant where what was typed finds nothing; else ask whether it was meant."""
    if not found.corrected:
        return Answer(params, found)
    meant = replace(params, q=found.corrected, page=1)
    if not found.total and AS_TYPED not in request.args:
        other = find(meant, now=now)
        if other.total:
            return Answer(meant, other, _instead(params, meant))
    label = _("Did you mean “%(words)s”?", words=apart(meant.q))
    return Answer(params, found, {"sentence": None, "label": label, "url": _url(meant)})


def _instead(typed: SearchParams, meant: SearchParams) -> dict[str, str | None]:
    return {
        "sentence": _(
            "No offer has “%(typed)s”. The list shows what “%(meant)s” finds.",
            typed=apart(typed.q),
            meant=apart(meant.q),
        ),
        "label": _("Search for “%(typed)s” all the same", typed=apart(typed.q)),
        "url": f"{_url(typed)}&{AS_TYPED}=1",
    }


def _url(params: SearchParams) -> str:
    return f"{url_for('courses.learn')}?{params.query_string()}"
