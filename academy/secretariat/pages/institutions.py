"""Institutions, as their stewards see them: find, add, revise, confirm, retire, bring back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from academy.access import current_person, for_roles, section_steward
from academy.accounts.models import Person
from academy.db import unit_of_work, utcnow
from academy.i18n import country_name, current_language, ngettext
from academy.i18n import gettext as _
from academy.institutions import operations, phrases
from academy.institutions.models import Agreement, Institution
from academy.institutions.queries import institution_by_slug, institutions_named, kept_by
from academy.institutions.rules import STEWARDS_ALONE, is_retired
from academy.secretariat.pages import entries
from academy.secretariat.pages.frame import bp
from academy.secretariat.pages.reasons import ReasonSchema, reason_in
from academy.secretariat.phrases import section_names
from academy.secretariat.plugged import dependents
from academy.web.forms import Form
from academy.web.once import FIELD, is_first, once
from academy.web.paging import Page

ONE = "/institutions/<institution>"


@bp.get("/institutions")
@section_steward
def institutions() -> str:
    """List the institutions this steward keeps in order, by words and by how things stand."""
    words, page = request.args.get("q", ""), Page.asked()
    stands = request.args.get("agreement", "")
    among = [kept_by(current_person())]
    if stands in set(Agreement):
        among.append(Institution.agreement == Agreement(stands))
    found = institutions_named(words, among=among)
    return render_template(
        "secretariat/institutions.html",
        words=words,
        stands=stands,
        agreements=phrases.options(phrases.AGREEMENTS),
        here_url=url_for("secretariat.institutions"),
        add_url=url_for("secretariat.add_institution_form"),
        total=ngettext("%(num)d institution", "%(num)d institutions", len(found)),
        institutions=_rows(page.of(found)),
        pages=page.ways(len(found)),
    )


@bp.get("/institutions/add")
@section_steward
def add_institution_form() -> str:
    """Show the form for an institution that is not on the map."""
    form = Form(action="", values=entries.usual_values(current_person()))
    return _adding_page(form)


@bp.post("/institutions")
@section_steward
def add_institution() -> Response | tuple[str, int]:
    """Put an institution on the map."""
    form = Form.read(entries.EntrySchema())
    with form.refusals_shown():
        if form.sound:
            with unit_of_work():
                by = current_person()
                entry = entries.entry_in(form, by)
                if is_first(by, request.form, now=utcnow()):
                    operations.enter(entry, by=by, now=utcnow())
            flash(_("The institution is on the map."), "ok")
            words = form.cleaned["name"]
            return redirect(url_for("secretariat.institutions", q=words), 303)
    return _adding_page(form), 422


@bp.get(ONE)
@for_roles(STEWARDS_ALONE)
def institution(institution: str) -> str:
    """Show what is kept of an institution, in a form, and what can be done."""
    found = institution_by_slug(institution)
    return _page(found, Form(action="", values=entries.values_of(found)))


@bp.post(ONE)
@for_roles(STEWARDS_ALONE)
def revise_institution(institution: str) -> Response | tuple[str, int]:
    """Write anew what is kept of an institution."""
    form = Form.read(entries.EntrySchema())
    with form.refusals_shown():
        if form.sound:
            with unit_of_work():
                found, by = institution_by_slug(institution), current_person()
                entry = entries.entry_in(form, by, found)
                operations.revise(found, entry, by=by, now=utcnow())
            flash(_("The changes are saved."), "ok")
            return _back(institution)
    return _page(institution_by_slug(institution), form), 422


@bp.post(f"{ONE}/confirm")
@for_roles(STEWARDS_ALONE)
def confirm_institution(institution: str) -> Response:
    """Say that it takes part."""
    with unit_of_work():
        found = institution_by_slug(institution)
        operations.confirm(found, by=current_person(), now=utcnow())
    flash(_("The institution is confirmed."), "ok")
    return _back(institution)


@bp.post(f"{ONE}/retire")
@for_roles(STEWARDS_ALONE)
def retire_institution(institution: str) -> Response | tuple[str, int]:
    """End its part in the academy."""
    form = Form.read(ReasonSchema())
    with form.refusals_shown():
        if form.sound:
            reason = reason_in(form)
            with unit_of_work():
                found, by = institution_by_slug(institution), current_person()
                follows, now = dependents(), utcnow()
                operations.retire(found, reason=reason, by=by, dependents=follows, now=now)
            flash(_("The institution is retired. Nobody can enter its desk any more."), "ok")
            return _back(institution)
    found = institution_by_slug(institution)
    # The form of what is kept stands on the same page, and was not sent.
    form.values = {**entries.values_of(found), **form.values}
    return _page(found, form), 422


@bp.post(f"{ONE}/bring-back")
@for_roles(STEWARDS_ALONE)
def bring_back_institution(institution: str) -> Response:
    """Take it in again."""
    with unit_of_work():
        found = institution_by_slug(institution)
        by, follows = current_person(), dependents()
        operations.bring_back(found, by=by, dependents=follows, now=utcnow())
    flash(_("The institution takes part again, with the people who worked there."), "ok")
    return _back(institution)


def _back(address: str) -> Response:
    return redirect(url_for("secretariat.institution", institution=address), 303)


def _rows(institutions: Iterable[Institution]) -> list[dict[str, Any]]:
    sections = section_names()
    return [_row(one, sections) for one in institutions]


def _row(institution: Institution, sections: Mapping[str, str]) -> dict[str, Any]:
    country, section = institution.country, institution.section or ""
    return {
        "name": phrases.name_of(institution),
        "place": institution.city,
        "country": country_name(country, current_language()) if country else "",
        "kind": phrases.KINDS[institution.kind],
        "agreement": phrases.AGREEMENTS[institution.agreement],
        "section": sections.get(section, section),
        "url": url_for("secretariat.institution", institution=institution.slug),
    }


def _adding_page(form: Form) -> str:
    return render_template(
        "secretariat/institution_new.html",
        form=form,
        mark=form.values.get(FIELD) or once(),
        save_url=url_for("secretariat.add_institution"),
        **_choices(current_person(), form),
    )


def _page(institution: Institution, form: Form) -> str:
    named = institution.slug
    confirmed = institution.agreement in {Agreement.AGREED, Agreement.ACTIVE}
    return render_template(
        "secretariat/institution.html",
        form=form,
        row=_rows([institution])[0],
        retired=is_retired(institution),
        concerned=[told for one in dependents() if (told := one.told(institution))],
        confirmed=confirmed,
        save_url=url_for("secretariat.revise_institution", institution=named),
        confirm_url=url_for("secretariat.confirm_institution", institution=named),
        retire_url=url_for("secretariat.retire_institution", institution=named),
        bring_back_url=url_for("secretariat.bring_back_institution", institution=named),
        people_url=url_for("institutions.people", institution=named),
        **_choices(current_person(), form, institution),
    )


def _choices(steward: Person, form: Form, institution: Institution | None = None) -> dict[str, Any]:
    return {
        "languages": entries.languages(form.values.get("name_language", "")),
        "others": entries.other_institutions(institution),
        "kinds": phrases.options(phrases.KINDS),
        "sections": entries.sections_for(steward),
        "countries": entries.countries(),
        "names": entries.name_fields(),
    }
