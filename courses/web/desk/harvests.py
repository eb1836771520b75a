"""The report of one reading: what came, what was wrong with it and how that is mended."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, render_template, request

from academy.access import for_roles
from academy.i18n import ngettext, number
from academy.institutions.rules import EDITORS
from academy.text import apart
from academy.web.paging import SIZE, Page
from courses.harvesting.harvests import watching
from courses.harvesting.harvests.watching import CodeCount
from courses.harvesting.mending import MENDING
from courses.harvesting.models import Harvest, RecordedFinding
from courses.sources import queries
from courses.sources.models import Source
from courses.web import source_phrases as phrases
from courses.web.desk.frame import Desk, bp, desk_of
from courses.web.desk.sources import ROOM
from courses.web.harvest_rows import harvest_row

FIRST_OF_A_CODE = 5
"""Records that are shown of each code before one asks for all of them."""

MOST_WORDS = 20


@bp.get("/sources/<source>/harvests/<harvest>")
@for_roles(EDITORS)
def harvest(institution: str, source: str, harvest: str) -> str:
    """Show a reading: its sum, what was found by code, or all records with one code."""
    g.desk_room, desk, page = ROOM, desk_of(institution), Page.asked()
    found = queries.source_at(desk.institution, source)
    reading = watching.harvest_at(found, harvest)
    told = watching.found_in(reading)
    codes = watching.codes_of(told)
    chosen = next((one for one in codes if one.code == request.args.get("code")), None)
    groups = [_group(desk, found, told, one, page if chosen else None) for one in codes]
    if chosen:
        groups = [one for one in groups if one["code"] == chosen.code]
    return render_template(
        "desk/harvest.html",
        source=apart(found.name),
        source_url=desk.url("desk.source", source=found.reference),
        row=harvest_row(reading),
        whole=reading.whole,
        record=reading.record,
        groups=groups,
        all_url=_url(desk, found, reading) if chosen else None,
        pages=page.ways(chosen.count) if chosen else None,
        earlier=_earlier(desk, found, told) if told is not reading and codes else None,
        words=_words(told) if not chosen else None,
        words_url=_words_url(desk, found),
    )


def _earlier(desk: Desk, found: Source, told: Harvest) -> dict[str, Any]:
    return {"when": harvest_row(told)["when"], "url": _url(desk, found, told)}


def _group(
    desk: Desk, found: Source, reading: Harvest, one: CodeCount, page: Page | None
) -> dict[str, Any]:
    """Show what was found by one code: the sentence, how it is mended, and where it stands."""
    limit, offset = (SIZE, page.offset) if page else (FIRST_OF_A_CODE, 0)
    rows = watching.findings_with(reading, one.code, limit=limit, offset=offset)
    left = one.count - len(rows)
    more = ngettext("%(count)s more", "%(count)s more", left, count=number(left))
    return {
        "code": one.code,
        "sentence": phrases.finding(one.code),
        "mending": MENDING.get(one.code),
        "weight": phrases.WEIGHTS[one.weight],
        "weighs": one.weight in phrases.REFUSING,
        "count": one.count,
        "rows": [_row(row) for row in rows],
        "more": more if left and not page else None,
        "url": _url(desk, found, reading, code=one.code),
    }


def _row(row: RecordedFinding) -> dict[str, Any]:
    return {"line": row.line, "id": row.external_id, "field": row.field, "found": row.found}


def _url(desk: Desk, found: Source, reading: Harvest, **asked: str) -> str:
    where = {"source": found.reference, "harvest": reading.reference}
    return desk.url("desk.harvest", **where, **asked)


def _words(reading: Harvest) -> dict[str, Any] | None:
    """Count the words that stand for none of our terms, and name the most frequent."""
    if not reading.unmapped:
        return None
    most = sorted(reading.unmapped.items(), key=lambda one: (-one[1], one[0]))
    count = len(most)
    return {
        "told": ngettext(
            "%(count)s word of this source means nothing to us yet.",
            "%(count)s words of this source mean nothing to us yet.",
            count,
            count=number(count),
        ),
        "most": [{"word": word, "times": times} for word, times in most[:MOST_WORDS]],
    }


def _words_url(desk: Desk, found: Source) -> str | None:
    if "desk.source_words" not in current_app.view_functions:
        return None
    return desk.url("desk.source_words", source=found.reference)
