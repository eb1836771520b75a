"""The institution's offers: the list of all, and beginning a new one."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, request
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, post_load, validate
from werkzeug.wrappers import Response

from academy.access import for_roles
from academy.db import unit_of_work
from academy.i18n import Words, current_language
from academy.i18n import gettext as _
from academy.institutions.rules import EDITORS
from academy.web.forms import REQUIRED, Form
from academy.web.once import once
from academy.web.paging import Page
from courses.catalogue.models import Kind, State
from courses.editing import operations as editing
from courses.editing import queries, rules
from courses.editing.operations import Beginning
from courses.editing.queries import Edited, Wanted
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import Vocabularies, vocabularies
from courses.web import phrases
from courses.web.desk import labels
from courses.web.desk.editing_page import completeness_shown, language_options, title_of
from courses.web.desk.frame import Desk, Room, add_room, bp, desk_of
from courses.web.desk.standing import UNLISTED, standing

add_room(Room(_l("Offers"), "desk.offers", EDITORS, order=20))
FILTERS = (State.PUBLISHED, State.DRAFT, State.ARCHIVED)
LONGEST_SEARCH = 200


class BeginningSchema(Schema):
    """What is asked before an offer can be written."""

    kind = fields.Enum(Kind, by_value=True, load_default=Kind.COURSE)
    title = fields.String(
        required=True,
        error_messages=REQUIRED,
        validate=validate.Length(max=500, error=_l("Use at most 500 characters.")),
    )
    language = fields.String(required=True, error_messages=REQUIRED)
    once = fields.String(load_default="")

    @post_load
    def make(self, told: dict[str, Any], **_options: object) -> Beginning:
        """Make what the operation takes."""
        return Beginning(told["kind"], told["title"], told["language"], told["once"])


@bp.get("/offers")
@for_roles(EDITORS)
def offers(institution: str) -> str:
    """List the offers of the institution, those touched last first."""
    desk, page, vocabulary = desk_of(institution), Page.asked(), vocabularies()
    words = request.args.get("q", "").replace("\x00", "")[:LONGEST_SEARCH]
    state = next((one for one in FILTERS if one == request.args.get("state")), None)
    unlisted = request.args.get("state") == UNLISTED
    lacking = request.args.get("lacking") == "yes"
    wanted = Wanted(words, state, lacking=lacking, unlisted=unlisted)
    total = queries.edited_count(desk.institution, wanted)
    found = queries.edited(desk.institution, wanted, page=page.number)
    return render_template(
        "desk/offers.html",
        rows=[_row(one, desk, vocabulary) for one in found],
        count_label=phrases.offers(total),
        words_typed=words,
        state=UNLISTED if unlisted else state or "",
        lacking=wanted.lacking,
        states=_states(),
        pages=page.ways(total),
        action=desk.url("desk.offers"),
        new=[
            {"label": label, "url": desk.url("desk.begin", kind=kind.value)}
            for kind, label in ((Kind.COURSE, _("New course")), (Kind.WEBINAR, _("New webinar")))
        ],
    )


def _states() -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = [
        {"code": one.value, "label": labels.STATES[one]} for one in FILTERS
    ]
    return [*told, {"code": UNLISTED, "label": _("Published, but not listed")}]


def _row(edited: Edited, desk: Desk, vocabulary: Vocabularies) -> dict[str, Any]:
    form = rules.current_form(edited.offer, edited.copy)
    language = form["language"] if form["language"] != current_language() else None
    return {
        "title": Words(title_of(form, edited.offer.slug), language),
        "url": desk.url("desk.edit", slug=edited.offer.slug),
        "kind": phrases.KINDS[edited.offer.kind],
        "standing": standing(edited),
        "complete": completeness_shown(rules.how_complete(form, vocabulary), edited.offer),
    }


@bp.get("/begin")
@for_roles(EDITORS)
def begin(institution: str) -> str:
    """Ask what an offer begins with."""
    kind = Kind.WEBINAR if request.args.get("kind") == Kind.WEBINAR else Kind.COURSE
    desk = desk_of(institution)
    values = {"kind": kind.value, "language": current_language()}
    return _begin_page(desk, Form(action=desk.url("desk.begin"), values=values))


@bp.post("/begin")
@for_roles(EDITORS)
def begin_post(institution: str) -> Response | tuple[str, int]:
    """Begin an offer, and lead to its form. The same form sent twice begins one."""
    form = Form.read(BeginningSchema())
    known = {term.code for term in vocabularies().of(Vocabulary.LANGUAGE)}
    if form.sound:
        wanted = form.cleaned
        assert isinstance(wanted, Beginning)
        if wanted.language not in known:
            form.errors["language"] = _("Choose from the list.")
    if not form.sound:
        return _begin_page(desk_of(institution), form), 422
    with form.refusals_shown(), unit_of_work():
        desk = desk_of(institution)
        offer = editing.begin(desk.institution, wanted, person=desk.person, now=desk.now)
        return redirect(desk.url("desk.edit", slug=offer.slug), 303)
    return _begin_page(desk_of(institution), form), 422


def _begin_page(desk: Desk, form: Form) -> str:
    g.desk_room = "desk.offers"
    kind = form.values.get("kind", "")
    return render_template(
        "desk/begin.html",
        here=_("New webinar") if kind == Kind.WEBINAR else _("New course"),
        form=form,
        kind=kind,
        languages=language_options(vocabularies()),
        mark=once(),
        back=desk.url("desk.offers"),
    )
