"""Who moderates a run, and where its meetings are held: set at the desk, without the edit form."""

from __future__ import annotations

from collections.abc import Iterator

from flask import flash, redirect, request
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from academy.access import for_roles
from academy.db import unit_of_work
from academy.i18n import current_language, own_text
from academy.i18n import gettext as _
from academy.institutions.rules import EDITORS, FACILITATORS
from academy.text import apart, clean_line
from academy.web.forms import Form
from courses.editing import links
from courses.web.desk.frame import Desk, Task, bp, desk_of, needs_doing
from courses.web.desk.run import run_page
from courses.webinars import moderating, operations, queries

NAMED = 5
"""How many webinars without anybody the front page names."""


class LinksSchema(Schema):
    """The links of one meeting; an empty one takes the link away."""

    join_link = fields.String(load_default="")
    recording = fields.String(load_default="")


@bp.post("/participants/<reference>/meetings/<uid>")
@for_roles(FACILITATORS)
def meeting_links(institution: str, reference: str, uid: str) -> Response | tuple[str, int]:
    """Set where a meeting is held and where its recording is; nobody is told of it."""
    form = Form.read(LinksSchema())
    with form.refusals_shown(), unit_of_work():
        desk = desk_of(institution)
        run = queries.run_at(desk.institution, reference)
        given = {name: clean_line(form.cleaned[name], limit=10_000) for name in links.LINKS}
        links.set_links(run.offer, uid, given, person=desk.person, now=desk.now)
        flash(_("Saved. Who takes part finds it when the doors open."), "ok")
        return _back(desk, reference)
    desk = desk_of(institution)
    shown = {name: form.values.get(name, "") for name in links.LINKS}
    problems = {"uid": uid, "errors": form.errors, **shown}
    return run_page(desk, queries.run_at(desk.institution, reference), problems), 422


@bp.post("/participants/<reference>/facilitators")
@for_roles(EDITORS)
def appoint(institution: str, reference: str) -> Response:
    """Let somebody who works here moderate the run."""
    with unit_of_work():
        desk = desk_of(institution)
        run = queries.run_at(desk.institution, reference)
        wanted = request.form.get("person", "").replace("\x00", "")
        person = moderating.colleague_at(desk.institution, wanted)
        operations.appoint(person, run, by=desk.person, now=desk.now)
        flash(_("%(name)s moderates it now.", name=apart(person.name)), "ok")
        return _back(desk, reference)


@bp.post("/participants/<reference>/facilitators/<person>/remove")
@for_roles(EDITORS)
def dismiss(institution: str, reference: str, person: str) -> Response:
    """Let somebody moderate the run no longer."""
    with unit_of_work():
        desk = desk_of(institution)
        run = queries.run_at(desk.institution, reference)
        colleague = moderating.colleague_at(desk.institution, person)
        operations.dismiss(colleague, run, by=desk.person, now=desk.now)
        flash(_("%(name)s does not moderate it any more.", name=apart(colleague.name)), "ok")
        return _back(desk, reference)


@needs_doing(EDITORS, order=50)
def webinars_without_facilitator(desk: Desk) -> Iterator[Task]:
    """Name coming webinars that nobody moderates yet."""
    runs = moderating.webinars_without_facilitator(desk.institution, now=desk.now, limit=NAMED)
    for run in runs:
        title = apart(own_text(run.offer.titles, current_language()).text)
        yield Task(
            _("Nobody moderates “%(title)s” yet.", title=title),
            desk.url("desk.run", reference=run.reference, _anchor="h-moderate"),
            _("Choose who does"),
        )


def _back(desk: Desk, reference: str) -> Response:
    return redirect(desk.url("desk.run", reference=reference), 303)
