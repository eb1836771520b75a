"""Two accounts of one person become one: first what would happen, then the act."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from academy.access import current_person, fresh, steward
from academy.accounts.models import Person
from academy.accounts.rules import email_key
from academy.db import unit_of_work, utcnow
from academy.errors import Invalid, Refusal
from academy.i18n import gettext as _
from academy.secretariat import operations, queries, rules
from academy.secretariat.pages.frame import bp
from academy.secretariat.plugged import belongings, consequences
from academy.web.forms import REQUIRED, Form

MOST_FOUND = 10


class MergingSchema(Schema):
    """Which account is kept."""

    into = fields.String(required=True, error_messages=REQUIRED)


@bp.get("/people/<reference>/merge")
@steward
def merging(reference: str) -> str:
    """Show what would move from this account to another one; nothing is done yet."""
    old = queries.person_by_reference(reference)
    into, words = request.args.get("into", ""), request.args.get("q", "")
    kept = queries.person_by_reference(into) if into else None
    problem = _problem(old, kept) if kept else ""
    return render_template(
        "secretariat/merging.html",
        old=_shown(old),
        kept=_shown(kept) if kept else None,
        problem=problem,
        words=words,
        found=_found(old, words),
        searched=bool(words.strip()),
        moves=queries.belongings_of(old, belongings()),
        stays=queries.belongings_of(kept, belongings()) if kept else [],
        here_url=url_for("secretariat.merging", reference=reference),
        merge_url=url_for("secretariat.merge", reference=reference),
    )


@bp.post("/people/<reference>/merge")
@steward
@fresh
def merge(reference: str) -> Response:
    """Make the account part of another one, and empty it. This cannot be undone."""
    form = Form.read(MergingSchema())
    if not form.sound:
        raise Invalid(form.errors)
    with unit_of_work():
        old = queries.person_by_reference(reference)
        kept = queries.person_by_reference(form.cleaned["into"])
        by, follows = current_person(), consequences()
        operations.merge(old, kept, by=by, follows=follows, now=utcnow())
        way = url_for("secretariat.person", reference=kept.reference)
    flash(_("The accounts are one now. The other one is empty, and closed."), "ok")
    return redirect(way, 303)


def _problem(old: Person, kept: Person) -> str:
    """Say why the two cannot be merged; nothing where they can."""
    try:
        rules.check_may_merge(old, kept, current_person())
    except Refusal as refusal:
        return str(refusal.sentence)
    return ""


def _found(old: Person, words: str) -> list[dict[str, Any]]:
    if not words.strip():
        return []
    found = queries.people_found(words, limit=MOST_FOUND + 1)
    return [_shown(one, old) for one in found if one.id != old.id][:MOST_FOUND]


def _shown(person: Person, old: Person | None = None) -> dict[str, Any]:
    of, into = (old or person).reference, person.reference
    return {
        "name": person.name,
        "email": email_key(person.email),
        "reference": person.reference,
        "url": url_for("secretariat.person", reference=person.reference),
        "choose_url": url_for("secretariat.merging", reference=of, into=into),
    }
