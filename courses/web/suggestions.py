"""Ways to go on while somebody types into a search box."""

from __future__ import annotations

from flask import Response, jsonify, request

from academy.access import public
from academy.i18n import current_language, ngettext
from courses.search.engine import Suggestion
from courses.search.find import suggest
from courses.web import phrases
from courses.web.blueprint import bp

MOST = 8


@bp.get("/learn/suggestions")
@public
def suggestions() -> Response:
    """Tell the script of the search box what goes on as typed, what it is, and its language."""
    reader = current_language()
    found = suggest(request.args.get("q", ""), reader, number=MOST)
    announced = ngettext("%(num)d suggestion", "%(num)d suggestions", len(found))
    response = jsonify(announced=announced, suggestions=[_told(one, reader) for one in found])
    if not found:
        # There may be some in a moment: titles are read when they are first asked for.
        response.headers["Cache-Control"] = "no-store"
    return response


def _told(one: Suggestion, reader: str) -> dict[str, str | None]:
    language = None if one.language == reader else one.language
    return {"text": one.text, "kind": str(phrases.SUGGESTED[one.kind]), "language": language}
