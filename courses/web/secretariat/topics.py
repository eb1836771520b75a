"""Issues that the words of offers suggest, over all institutions a steward keeps in order."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from academy.access import current_person, section_steward
from academy.db import unit_of_work, utcnow
from academy.i18n import gettext as _
from academy.institutions.queries import kept_by
from courses.editing import topics as deciding
from courses.search.backlog import Awaited, await_index
from courses.search.guiding.topics import count_to_confirm, offer_to_decide
from courses.web.blueprint import bp
from courses.web.confirming import (
    Deciding,
    Telling,
    codes_sent,
    confirmed_told,
    confirming_page,
    page_left,
    refused_told,
)


def waiting_count() -> int:
    """Count the offers with something to decide for the present steward."""
    return count_to_confirm(kept_by(current_person()))


@bp.get("/secretariat/topics")
@section_steward
def topics_to_confirm() -> str:
    """List the offers without an issue whose words suggest one."""
    shown = confirming_page(kept_by(current_person()), _address)
    return render_template("courses/secretariat/topics.html", **shown)


@bp.post("/secretariat/topics/<slug>/confirm")
@section_steward
def confirm_topics(slug: str) -> Response:
    """Describe an offer by what its words suggest."""
    response = _decide(slug, deciding.confirm, confirmed_told)
    if await_index(now=utcnow()) is Awaited.SOON:
        flash(_("Much is being published. Search finds your change in a moment."), "info")
    return response


@bp.post("/secretariat/topics/<slug>/refuse")
@section_steward
def refuse_topics(slug: str) -> Response:
    """Say that an offer is not about what its words suggest."""
    return _decide(slug, deciding.refuse, refused_told)


def _decide(slug: str, act: Deciding, told: Telling) -> Response:
    with unit_of_work():
        by = current_person()
        offer = offer_to_decide(slug, kept_by(by))
        decided = act(offer, codes_sent(), person=by, now=utcnow())
    flash(*told(decided))
    page = page_left(kept_by(current_person()))
    return redirect(url_for("courses.topics_to_confirm", page=page), 303)


def _address(act: str, **values: Any) -> str:
    return url_for(f"courses.{act}_topics", **values)
