"""Trying a source: what a reading would do, record by record, and nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import current_app, g, render_template, url_for

from academy.access import for_roles
from academy.config import Settings
from academy.db import db, utcnow
from academy.i18n import current_language, language_name, ngettext, number, own_text, text_in
from academy.institutions.rules import EDITORS
from academy.outbound import outbound_of
from academy.security import session_limit
from academy.text import apart
from courses.catalogue.models import Kind, Offer
from courses.catalogue.runs import Run
from courses.harvesting.advice import ADVICE
from courses.harvesting.draft import Finding
from courses.harvesting.harvests import preview as trying
from courses.harvesting.harvests.preview import Outcome, Preview, Tried
from courses.harvesting.sentences import reason
from courses.sources import queries
from courses.sources.addresses import shown_address
from courses.vocabularies.queries import vocabularies
from courses.web import phrases as offers
from courses.web import source_phrases as phrases
from courses.web.dates import run_dates
from courses.web.desk.columns_told import columns_shown
from courses.web.desk.differences import told_changes
from courses.web.desk.frame import Desk, bp, desk_of
from courses.web.desk.sources import ROOM
from courses.web.desk.trial_twins import twins_of

MOST_WORDS, MOST_DATES = 50, 3


@bp.get("/sources/<source>/trial")
@for_roles(EDITORS)
def source_trial(institution: str, source: str) -> str:
    """Offer to try the source."""
    return _page(desk_of(institution), source, None)


@bp.post("/sources/<source>/trial")
@for_roles(EDITORS)
@session_limit
def source_trial_post(institution: str, source: str) -> str:
    """Read the first pages of the source, and show what would become of them."""
    desk = desk_of(institution)
    key = queries.source_at(desk.institution, source).id
    settings: Settings = current_app.config["SETTINGS"]
    # Nothing is held of the database while somebody else's server takes its time.
    db.session.rollback()
    now = utcnow()
    outbound, twins = outbound_of(settings), partial(twins_of, now=now)
    tried = trying.preview(key, outbound, settings, now=now, twins=twins)
    # A trial lets go of all that was loaded; the page still shows who is signed in.
    if desk.person not in db.session:
        db.session.add(desk.person)
    return _page(desk_of(institution), source, tried)


def _page(desk: Desk, reference: str, tried: Preview | None) -> str:
    g.desk_room = ROOM
    found = queries.source_at(desk.institution, reference)
    return render_template(
        "desk/trial.html",
        source=apart(found.name),
        source_url=desk.url("desk.source", source=reference),
        try_url=desk.url("desk.source_trial_post", source=reference),
        address=shown_address(found.address),
        tried={**_tried(tried), "columns": columns_shown(desk, found, tried.columns)}
        if tried
        else None,
    )


def _tried(tried: Preview) -> dict[str, Any]:
    count = sum(tried.counts.values())
    return {
        "why": reason(tried.code, tried.details) if tried.code else None,
        "told": ngettext(
            "%(count)s record was read for trial. Nothing was written.",
            "%(count)s records were read for trial. Nothing was written.",
            count,
            count=number(count),
        ),
        "more": tried.more,
        "counts": [{"label": phrases.OUTCOMES[one], "count": tried.counts[one]} for one in Outcome],
        "words": tried.unmapped.most_common(MOST_WORDS),
        "refused": [_record(one) for one in tried.refused],
        "records": [_record(one) for one in tried.records],
    }


def _record(one: Tried) -> dict[str, Any]:
    reader = current_language()
    changes = one.differences if one.outcome is Outcome.CHANGED else {}
    return {
        "title": one.title,
        "line": one.line,
        "id": one.external_id,
        "outcome": phrases.OUTCOMES[one.outcome],
        "refused": one.outcome is Outcome.REFUSED,
        "kind": offers.KINDS[Kind(one.kind)] if one.kind else None,
        "languages": [language_name(code, reader) for code in one.languages],
        "address": one.address,
        "dates": _dates(one.runs),
        "terms": [text_in(term.labels, reader).text for term in one.terms],
        "findings": [_finding(each) for each in one.findings],
        "lines": told_changes(changes, vocabularies()),
        "twins": [_twin(twin) for twin in one.twins],
    }


def _dates(runs: Sequence[Run]) -> list[str]:
    """Say when the editions are, as the catalogue would; a day without an hour stays a day."""
    return list(dict.fromkeys(run_dates(run) for run in runs if run.starts_at))[:MOST_DATES]


def _finding(each: Finding) -> dict[str, Any]:
    return {
        "sentence": phrases.finding(each.code),
        "mending": ADVICE.get(each.code),
        "found": each.found,
        "weighs": each.weight in phrases.REFUSING,
    }


def _twin(twin: Offer) -> dict[str, Any]:
    reader = current_language()
    return {
        "title": own_text(twin.titles, reader),
        "institution": text_in(twin.institution.name, reader),
        "url": url_for("courses.offer", slug=twin.slug),
    }
