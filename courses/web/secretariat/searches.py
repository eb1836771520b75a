"""What people looked for and did not find: a list for those who plan what is taught next."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from academy.access import section_steward
from academy.db import utcnow
from academy.i18n import MOUNTED, language_name
from academy.i18n import current_language as reader_language
from academy.i18n import gettext as _
from academy.privacy.archive import sheet
from academy.web.paging import SIZE, Page
from courses.search.unanswered import (
    Unanswered,
    unanswered,
    unanswered_by_language,
    unanswered_count,
)
from courses.web.blueprint import bp

HEADERS = {"query": _l("Query"), "language": _l("Language of the page"), "times": _l("Times")}


@bp.get("/secretariat/searches")
@section_steward
def unanswered_searches() -> str:
    """Show the queries of the last thirty days that found nothing, the most frequent first."""
    now, page, language = utcnow(), Page.asked(), _language_asked()
    found = unanswered(language, now=now, limit=SIZE, offset=page.offset)
    return render_template(
        "courses/secretariat/searches.html",
        headers=list(HEADERS.values()),
        tabs=_tabs(language),
        rows=[_row(one) for one in found],
        pages=page.ways(unanswered_count(language, now=now)),
        sheet_url=url_for("courses.unanswered_sheet", language=language) if found else None,
    )


@bp.get("/secretariat/searches.csv")
@section_steward
def unanswered_sheet() -> Response:
    """Hand the list out as a sheet."""
    rows = [_row(one) for one in unanswered(_language_asked(), now=utcnow())]
    nothing = dict.fromkeys(HEADERS, "")
    told = [{str(HEADERS[n]): row[n] for n in HEADERS} for row in rows or [nothing]]
    response = Response(sheet(told), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=_("searches.csv"))
    return response


def _language_asked() -> str | None:
    asked = request.args.get("language", "")
    return asked if asked in MOUNTED else None


def _tabs(chosen: str | None) -> list[dict[str, Any]]:
    """Lead to the list of each language that has one, with how long it is."""
    each, here = unanswered_by_language(now=utcnow()), "courses.unanswered_searches"
    everything = {"label": _("All languages"), "number": sum(each.values()), "url": url_for(here)}
    tabs = [{**everything, "current": chosen is None}]
    for code, count in each.items():
        label, url = language_name(code, reader_language()), url_for(here, language=code)
        tabs.append({"label": label, "number": count, "url": url, "current": code == chosen})
    return tabs


def _row(one: Unanswered) -> dict[str, Any]:
    return {
        "query": one.query,
        "language": language_name(one.language, reader_language()),
        "times": one.count,
        "try_url": url_for("courses.learn", lang=one.language, q=one.query),
    }
