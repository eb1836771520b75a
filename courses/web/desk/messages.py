"""Writing to all who are registered for a run: written, looked at, and sent once."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, post_load, validate
from werkzeug.wrappers import Response

from academy.access import for_roles
from academy.accounts.rules import is_email
from academy.db import unit_of_work
from academy.i18n import current_language, ngettext, number
from academy.i18n import gettext as _
from academy.institutions.rules import FACILITATORS
from academy.web.forms import REQUIRED, Form
from academy.web.once import is_first, once
from courses.catalogue.runs import Run
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import vocabularies
from courses.web.desk.editing_page import language_options
from courses.web.desk.frame import Desk, bp, desk_of
from courses.web.desk.participants import ROOM, run_told
from courses.webinars import operations, queries, rules
from courses.webinars.operations import Letter


def _text(longest: int, told: Any) -> fields.String:
    within = validate.Length(max=longest, error=told)
    return fields.String(required=True, error_messages=REQUIRED, validate=within)


class LetterSchema(Schema):
    """What the form of a message asks."""

    subject = _text(rules.LONGEST_SUBJECT, _l("Use at most 200 characters."))
    text = _text(rules.LONGEST_MESSAGE, _l("Use at most 4,000 characters."))
    language = fields.String(load_default="")

    @post_load
    def make(self, told: dict[str, Any], **_options: object) -> Letter:
        """Make what the operation takes; in a language we know, or that of the page."""
        known = {term.code for term in vocabularies().of(Vocabulary.LANGUAGE)}
        language = told["language"] if told["language"] in known else current_language()
        return Letter(told["subject"], told["text"], language)


@bp.get("/participants/<reference>/message")
@for_roles(FACILITATORS)
def message(institution: str, reference: str) -> str:
    """Show the form of a message."""
    desk = desk_of(institution)
    action = desk.url("desk.message", reference=reference)
    form = Form(action=action, values={"language": current_language()})
    return _form_page(desk, reference, form)


@bp.post("/participants/<reference>/message")
@for_roles(FACILITATORS)
def message_post(institution: str, reference: str) -> Response | str | tuple[str, int]:
    """Show the message as it will be sent and to how many, go on writing, or send it."""
    wish = request.form.get("do")
    if wish == "write":
        form = Form(action=request.path, values=request.form.to_dict())
        return _form_page(desk_of(institution), reference, form)
    form = Form.read(LetterSchema())
    if form.sound:
        with form.refusals_shown():
            send = _sent if wish == "send" else _preview_page
            return send(institution, reference, form)
    return _form_page(desk_of(institution), reference, form), 422


def _sent(institution: str, reference: str, form: Form) -> Response:
    letter = _letter(form)
    with unit_of_work():
        desk = desk_of(institution)
        run = queries.run_at(desk.institution, reference)
        if is_first(desk.person, request.form, now=desk.now):
            sent = operations.write_to_all(run, letter, by=desk.person, now=desk.now)
            flash(_to_how_many(sent.recipients), "ok")
        else:
            flash(_("This message was sent already. Nothing was sent twice."), "ok")
        return redirect(desk.url("desk.run", reference=reference), 303)


def _preview_page(institution: str, reference: str, form: Form) -> str:
    desk = desk_of(institution)
    run = queries.run_at(desk.institution, reference)
    letter, count = operations.cleaned(_letter(form)), len(queries.recipients(run))
    rules.check_may_write(count, sent_lately=queries.messages_since(run, desk.now - rules.PER))
    contact = run.offer.contact
    g.desk_room = ROOM
    return render_template(
        "desk/message_preview.html",
        run=run_told(run, desk),
        letter=letter,
        typed=form.values,
        mark=once(),
        action=form.action,
        to=ngettext(
            "It goes to %(count)s person, by mail.",
            "It goes to %(count)s people, each by a mail of their own.",
            count,
            count=number(count),
        ),
        reply_to=contact if is_email(contact) else None,
    )


def _form_page(desk: Desk, reference: str, form: Form) -> str:
    g.desk_room = ROOM
    run: Run = queries.run_at(desk.institution, reference)
    return render_template(
        "desk/message.html",
        run=run_told(run, desk),
        form=form,
        languages=language_options(vocabularies()),
        back=desk.url("desk.run", reference=reference),
    )


def _letter(form: Form) -> Letter:
    letter = form.cleaned
    assert isinstance(letter, Letter)
    return letter


def _to_how_many(count: int) -> str:
    return ngettext(
        "Your message is on its way to %(count)s person.",
        "Your message is on its way to %(count)s people.",
        count,
        count=number(count),
    )
