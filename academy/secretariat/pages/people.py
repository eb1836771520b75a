"""People, as stewards of all see them: find one, block, open again, give an office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from academy import audit
from academy.access import current_person, fresh, steward
from academy.accounts.models import Person, Steward
from academy.accounts.rules import is_shut
from academy.db import unit_of_work, utcnow
from academy.errors import Invalid
from academy.i18n import gettext as _
from academy.i18n import ngettext
from academy.institutions import phrases as institution_phrases
from academy.institutions.queries import memberships_of
from academy.secretariat import operations, phrases, queries
from academy.secretariat.pages.frame import bp
from academy.secretariat.pages.log import rows_of
from academy.secretariat.pages.reasons import ReasonSchema, reason_in
from academy.secretariat.plugged import consequences
from academy.web.forms import REQUIRED, Form
from academy.web.moments import day_of
from academy.web.pages import site
from academy.web.paging import SIZE, Page

LATEST = 10
"""How many entries of the log stand on the page of a person."""


class OfficeSchema(Schema):
    """What giving an office takes."""

    office = fields.Enum(Steward, by_value=True, required=True, error_messages=REQUIRED)
    section = fields.String(load_default=None)


@bp.get("/people")
@steward
def people() -> str:
    """List the people who have these words in their name or address."""
    words, page = request.args.get("q", ""), Page.asked()
    found = queries.people_found(words, limit=SIZE, offset=page.offset)
    total = queries.people_count(words)
    return render_template(
        "secretariat/people.html",
        words=words,
        here_url=url_for("secretariat.people"),
        total=ngettext("%(num)d person", "%(num)d people", total),
        people=_rows(found),
        pages=page.ways(total),
    )


@bp.get("/people/<reference>")
@steward
def person(reference: str) -> str:
    """Show an account: what is known of it, its roles, and what can be done."""
    return _page(queries.person_by_reference(reference), Form(action=""))


@bp.post("/people/<reference>/block")
@steward
def block(reference: str) -> Response | tuple[str, int]:
    """Close the account at once."""
    form = Form.read(ReasonSchema())
    with form.refusals_shown():
        if form.sound:
            reason = reason_in(form)
            with unit_of_work():
                found, by = queries.person_by_reference(reference), current_person()
                follows = consequences()
                operations.block(found, reason=reason, by=by, follows=follows, now=utcnow())
            flash(_("The account is blocked. All its sessions and tokens have ended."), "ok")
            return _back(reference)
    return _page(queries.person_by_reference(reference), form), 422


@bp.post("/people/<reference>/unblock")
@steward
def unblock(reference: str) -> Response:
    """Open a blocked account again."""
    with unit_of_work():
        found = queries.person_by_reference(reference)
        operations.unblock(found, by=current_person(), now=utcnow())
    flash(_("The account is open again. The person has to sign in anew."), "ok")
    return _back(reference)


@bp.post("/people/<reference>/office")
@steward
@fresh
def give_office(reference: str) -> Response | tuple[str, int]:
    """Make the person a steward, or take the office back."""
    form = Form.read(OfficeSchema())
    with form.refusals_shown():
        if form.sound:
            office, section = form.cleaned["office"], _section_in(form)
            with unit_of_work():
                found, by = queries.person_by_reference(reference), current_person()
                operations.give_office(found, office, section=section, by=by, now=utcnow())
                told = phrases.office_of(found)
            flash(_("The office has changed: %(office)s.", office=told), "ok")
            return _back(reference)
    return _page(queries.person_by_reference(reference), form), 422


def _section_in(form: Form) -> str | None:
    """Read the section of a steward of a section; it has to be one of those there are."""
    section: str | None = form.cleaned["section"]
    if form.cleaned["office"] is not Steward.SECTION:
        return None
    if section not in phrases.section_names():
        raise Invalid({"section": REQUIRED["required"]})
    return section


def _back(reference: str) -> Response:
    return redirect(url_for("secretariat.person", reference=reference), 303)


def _rows(people: Iterable[Person]) -> list[dict[str, Any]]:
    sections = phrases.section_names()
    return [_row(one, sections) for one in people]


def _row(person: Person, sections: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": person.name,
        "email": person.email,
        "url": url_for("secretariat.person", reference=person.reference),
        "office": phrases.office_of(person, sections) if person.is_steward else "",
        "blocked": person.blocked_at is not None,
        "confirmed": person.confirmed_at is not None,
        "joined": day_of(person.joined_at),
    }


def _page(person: Person, form: Form) -> str:
    reference = person.reference
    return render_template(
        "secretariat/person.html",
        form=form,
        row=_rows([person])[0],
        open=not is_shut(person),
        erased=person.erased_at is not None,
        facts=_facts(person),
        mine=person.id == current_person().id,
        offices=institution_phrases.options(phrases.OFFICES),
        office=person.steward.value,
        section=person.section,
        sections=[{"code": code, "label": name} for code, name in site().sections()],
        entries=rows_of(audit.latest(limit=LATEST, thing=f"person:{reference}")),
        block_url=url_for("secretariat.block", reference=reference),
        unblock_url=url_for("secretariat.unblock", reference=reference),
        office_url=url_for("secretariat.give_office", reference=reference),
        merge_url=url_for("secretariat.merging", reference=reference),
        log_url=url_for("secretariat.log", by=reference),
    )


def _facts(person: Person) -> list[str]:
    """Tell for whom the person works, each a line."""
    return [
        _(
            "%(role)s – %(institution)s",
            role=str(institution_phrases.ROLES[one.role]),
            institution=institution_phrases.name_of(one.institution),
        )
        for one in memberships_of(person)
    ]
