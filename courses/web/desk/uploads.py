"""Spreadsheets at the desk: a template, a look at every row, publishing, undoing."""

from __future__ import annotations

from threading import Event
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, g, redirect, render_template, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from academy.access import for_roles
from academy.db import unit_of_work
from academy.i18n import gettext as _
from academy.i18n import ngettext
from academy.institutions.rules import EDITORS
from academy.privacy.archive import sheet as csv_sheet
from academy.security import takes_files
from academy.web.forms import REQUIRED, Form
from academy.web.moments import moment
from academy.web.paging import SIZE, Page
from courses.uploads import operations, queries, rules
from courses.uploads.carrying_out import carry_out
from courses.uploads.fields import CHOICES, HEADERS
from courses.uploads.meaning import meanings, understanding_of
from courses.uploads.models import RowState, Upload, UploadState
from courses.uploads.operations import Given
from courses.uploads.sheet import LARGEST_MB, sheet
from courses.web.desk.frame import Desk, Room, add_room, bp, desk_of
from courses.web.desk.upload_rows import STATES, progress, row_shown

add_room(Room(_l("Spreadsheet"), "desk.uploads", EDITORS, order=30))


@bp.get("/uploads")
@for_roles(EDITORS)
def uploads(institution: str) -> str:
    """Show what was uploaded, and take another sheet."""
    return _list(desk_of(institution), Form(action=request.path))


@bp.get("/uploads/template.csv")
@for_roles(EDITORS)
def upload_template(institution: str) -> Response:
    """Hand out an empty sheet in the reader's language; its second row says what is taken."""
    del institution
    hints = {
        str(header): "; ".join(str(word) for word in CHOICES.get(field, {}).values())
        for field, header in HEADERS.items()
    }
    return _download(csv_sheet([dict.fromkeys(hints, "")]), _("offers.csv"))


@bp.post("/uploads")
@for_roles(EDITORS)
@takes_files(LARGEST_MB)
def upload_post(institution: str) -> Response | tuple[str, int]:
    """Look at a sheet row by row; nothing is published yet."""
    form = Form(action=request.path)
    sent = request.files.get("file")
    with form.refusals_shown():
        if sent is None or not sent.filename:
            form.errors["file"] = str(REQUIRED["required"])
            form.summary = _("Some answers need another look.")
        else:
            content = sent.read()
            reference = _keep(institution, Given(sent.filename, content, sheet(content)))
            return _back(institution, reference)
    return _list(desk_of(institution), form), 422


@bp.get("/uploads/<reference>")
@for_roles(EDITORS)
def upload(institution: str, reference: str) -> str:
    """Show what each row would do, or did, and what is wrong with it."""
    g.desk_room = "desk.uploads"
    desk, page = desk_of(institution), Page.asked()
    found = queries.upload_at(desk.institution, reference)
    counts = queries.row_counts(found)
    shown = _states_asked()
    rows = queries.rows_of(found, shown, limit=SIZE, offset=page.offset)
    meant = meanings(desk.institution, rows, understanding_of(found, desk.person))
    return render_template(
        "desk/upload.html",
        name=found.name,
        tabs=[_tab(desk, found, state, counts) for state in (None, *RowState)],
        rows=[row_shown(row, one) for row, one in meant],
        pages=page.ways(sum(counts[state] for state in shown)),
        steps=_steps(desk, found, counts),
        progress=progress(found, desk.url("desk.upload", reference=reference)),
        faulty_url=desk.url("desk.upload_faulty", reference=reference),
        faulty=counts[RowState.FAULTY] and rules.has_cells(found, desk.now),
        unread=queries.unread_headers(found),
    )


@bp.get("/uploads/<reference>/faulty.csv")
@for_roles(EDITORS)
def upload_faulty(institution: str, reference: str) -> Response:
    """Hand out the refused rows, each with the reasons, to be mended and uploaded again."""
    desk = desk_of(institution)
    found = queries.upload_at(desk.institution, reference)
    rows, known = queries.rows_of(found, [RowState.FAULTY]), understanding_of(found, desk.person)
    reason, headers = _("What is wrong"), dict.fromkeys(found.columns.values(), "")
    told: list[dict[str, Any]] = []
    for row, meant in meanings(desk.institution, rows, known):
        why = " ".join(row_shown(row, meant)["problems_told"])
        told.append({reason: why} | headers | dict(row.cells))
    return _download(csv_sheet(told or [{reason: ""} | headers]), _("to-mend.csv"))


@bp.post("/uploads/<reference>/publish")
@for_roles(EDITORS)
def upload_publish(institution: str, reference: str) -> Response:
    """Publish the rows without a problem: a few at once, many by the worker."""
    with unit_of_work():
        desk = desk_of(institution)
        found = queries.upload_at(desk.institution, reference)
        operations.begin_publishing(found, person=desk.person)
        key, few = found.id, operations.claim_if_few(found, now=desk.now)
    if few:
        done = carry_out(key, Event())
        flash(ngettext("%(num)d row is published.", "%(num)d rows are published.", done), "ok")
    return _back(institution, reference)


@bp.post("/uploads/<reference>/undo")
@for_roles(EDITORS)
def upload_undo(institution: str, reference: str) -> Response:
    """Undo a publication of the last 24 hours: of a few rows at once, of many by the worker."""
    with unit_of_work():
        desk = desk_of(institution)
        found = queries.upload_at(desk.institution, reference)
        operations.begin_undoing(found, person=desk.person, now=desk.now)
        key, few = found.id, operations.claim_if_few(found, now=desk.now)
    if few:
        done = carry_out(key, Event())
        flash(ngettext("%(num)d row is undone.", "%(num)d rows are undone.", done), "ok")
    return _back(institution, reference)


def _keep(institution: str, given: Given) -> str:
    """Keep a sheet with what each row would do; gives its reference."""
    with unit_of_work():
        desk = desk_of(institution)
        kept = operations.check(desk.institution, given, person=desk.person, now=desk.now)
        reference = kept.reference
    desk = desk_of(institution)
    found = queries.upload_at(desk.institution, reference)
    states = operations.states_now(found, desk.institution, desk.person)
    with unit_of_work():
        found = queries.upload_at(desk_of(institution).institution, reference)
        operations.keep_states(found, states)
    return reference


def _states_asked() -> tuple[RowState, ...]:
    asked = request.args.get("show", "")
    return (RowState(asked),) if asked in set(RowState) else tuple(RowState)


def _tab(
    desk: Desk, found: Upload, state: RowState | None, counts: dict[RowState, int]
) -> dict[str, Any]:
    asked = request.args.get("show", "")
    return {
        "label": STATES[state] if state else _("All rows"),
        "count": counts[state] if state else sum(counts.values()),
        "url": desk.url("desk.upload", reference=found.reference, show=state and state.value),
        "current": asked == (state.value if state else ""),
    }


def _steps(desk: Desk, found: Upload, counts: dict[RowState, int]) -> dict[str, Any]:
    good = counts[RowState.NEW] + counts[RowState.CHANGED]
    waits = found.state is UploadState.CHECKED
    undoable = rules.can_be_undone(found, desk.now)
    url = {"reference": found.reference}
    return {
        "publish_url": desk.url("desk.upload_publish", **url) if waits and good else None,
        "publish_label": ngettext("Publish %(num)d row", "Publish %(num)d rows", good),
        "undo_url": desk.url("desk.upload_undo", **url) if undoable else None,
        "published": moment(found.published_at) if found.published_at else None,
        "undone": moment(found.undone_at) if found.undone_at else None,
        "nothing": waits and not good,
    }


def _list(desk: Desk, form: Form) -> str:
    rows = [
        {
            "name": one.name,
            "url": desk.url("desk.upload", reference=one.reference),
            "when": moment(one.uploaded_at),
            "who": one.person.name if one.person else None,
            "state": STATES_OF_UPLOADS[one.state],
        }
        for one in queries.uploads_of(desk.institution, limit=SIZE)
    ]
    return render_template(
        "desk/uploads.html",
        form=form,
        rows=rows,
        largest=LARGEST_MB,
        template_url=desk.url("desk.upload_template"),
        choices=[
            {"header": HEADERS[field], "words": list(words.values())}
            for field, words in CHOICES.items()
        ],
    )


STATES_OF_UPLOADS = {
    UploadState.CHECKED: _l("Looked at, not published"),
    UploadState.PUBLISHING: _l("Being published"),
    UploadState.PUBLISHED: _l("Published"),
    UploadState.UNDOING: _l("Being undone"),
    UploadState.UNDONE: _l("Undone"),
}


def _back(institution: str, reference: str) -> Response:
    return redirect(desk_of(institution).url("desk.upload", reference=reference), 303)


def _download(text: str, name: str) -> Response:
    response = FlaskResponse(text, content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
