"""The report of one reading: what it changed, what was wrong, and how that is mended."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request

from academy.access import for_roles
from academy.i18n import gettext as _
from academy.i18n import ngettext, number
from academy.institutions.rules import EDITORS
from academy.text import apart
from academy.web.paging import SIZE, Page
from courses.harvesting.adapting import ADAPTERS
from courses.harvesting.advice import ADVICE
from courses.harvesting.harvests import watching
from courses.harvesting.harvests.changes import Became, addresses_of
from courses.harvesting.harvests.watching import CodeCount
from courses.harvesting.models import Harvest, HarvestState, RecordedFinding
from courses.harvesting.queries import still_unknown
from courses.sources import queries
from courses.sources.models import Source
from courses.vocabularies.kept import kept_vocabularies
from courses.web import source_phrases as phrases
from courses.web.desk.columns_told import KEPT, columns_kept, columns_shown
from courses.web.desk.frame import Desk, bp, desk_of
from courses.web.desk.harvest_changes import changes_shown
from courses.web.desk.sources import ROOM
from courses.web.harvest_rows import harvest_row

FIRST_OF_A_CODE = 5
"""Records that are shown of each code before one asks for all of them."""

MOST_WORDS = 20
ENDED = frozenset((HarvestState.DONE, HarvestState.ABORTED))


@bp.get("/sources/<source>/harvests/<harvest>")
@for_roles(EDITORS)
def harvest(institution: str, source: str, harvest: str) -> str:
    """Show a reading: its sum, what it changed and found, or all of one kind of that."""
    g.desk_room, desk = ROOM, desk_of(institution)
    found = queries.source_at(desk.institution, source)
    reading = watching.harvest_at(found, harvest)
    url = _url(desk, found, reading)
    return render_template(
        "desk/harvest.html",
        source=apart(found.name),
        source_url=desk.url("desk.source", source=found.reference),
        row=harvest_row(reading),
        url=url,
        record=reading.record,
        absence=_absence(found, reading),
        clean=reading.state is HarvestState.DONE and reading.read > 0,
        **_shown(desk, found, reading, url),
    )


def _shown(desk: Desk, found: Source, reading: Harvest, url: str) -> dict[str, Any]:
    """Show everything in short, or everything of one kind: ?what=added, ?code=no-title."""
    page, what = Page.asked(), request.args.get("what")
    became = next((one for one in Became if one == what), None)
    if became:
        return {**changes_shown(desk, reading, url, page, became), "all_url": url}
    told = watching.found_in(reading)
    codes = [one for one in watching.codes_of(told) if one.code not in KEPT]
    chosen = next((one for one in codes if one.code == request.args.get("code")), None)
    if chosen:
        group = _group(desk, found, told, chosen, page)
        return {"groups": [group], "all_url": url, "pages": page.ways(chosen.count)}
    return {
        **changes_shown(desk, reading, url, page),
        "groups": [_group(desk, found, told, one, None) for one in codes],
        "earlier": _earlier(desk, found, told) if told is not reading and codes else None,
        "columns": columns_shown(desk, found, columns_kept(reading, told)),
        "words": _words(found, told),
        "words_url": desk.url("desk.source_words", source=found.reference),
    }


def _absence(found: Source, reading: Harvest) -> str:
    """Say that what did not come was not taken for missing, where that is so."""
    if reading.whole or reading.record or reading.state not in ENDED or not found.address:
        return ""
    if not ADAPTERS[found.adapter].complete:
        return _("This format tells what is new, never what is gone: nothing is taken for missing.")
    return _("Not all of the source was read: nothing was taken for missing.")


def _earlier(desk: Desk, found: Source, told: Harvest) -> dict[str, Any]:
    return {"when": harvest_row(told)["when"], "url": _url(desk, found, told)}


def _group(
    desk: Desk, found: Source, reading: Harvest, one: CodeCount, page: Page | None
) -> dict[str, Any]:
    """Show what was found by one code: the sentence, how it is mended, and where it stands."""
    limit, offset = (SIZE, page.offset) if page else (FIRST_OF_A_CODE, 0)
    rows = watching.findings_with(reading, one.code, limit=limit, offset=offset)
    offers = addresses_of(reading, [row.external_id for row in rows if row.external_id])
    left = one.count - len(rows)
    more = ngettext("%(count)s more", "%(count)s more", left, count=number(left))
    return {
        "code": one.code,
        "sentence": phrases.finding(one.code),
        "mending": ADVICE.get(one.code),
        "weight": phrases.weight(one.code, one.weight),
        "weighs": one.weight in phrases.REFUSING,
        "count": one.count,
        "rows": [_row(desk, row, offers.get(row.external_id)) for row in rows],
        "more": more if left and not page else None,
        "url": _url(desk, found, reading, code=one.code),
    }


def _row(desk: Desk, row: RecordedFinding, slug: str | None) -> dict[str, Any]:
    return {
        "line": row.line,
        "id": row.external_id,
        "url": desk.url("desk.edit", slug=slug) if slug else None,
        "field": row.field,
        "found": row.found,
    }


def _url(desk: Desk, found: Source, reading: Harvest, **asked: str) -> str:
    where = {"source": found.reference, "harvest": reading.reference}
    return desk.url("desk.harvest", **where, **asked)


def _words(found: Source, reading: Harvest) -> dict[str, Any] | None:
    """Count the words that mean nothing to us still, and name the most frequent."""
    unknown = still_unknown(found, reading.unmapped, kept_vocabularies())
    if not unknown:
        return None
    most = sorted(unknown.items(), key=lambda one: (-one[1], one[0]))
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
