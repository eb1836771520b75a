"""Issues that the words of the institution's offers suggest, to be confirmed or refused."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask import flash, redirect, render_template
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement
from werkzeug.wrappers import Response

from academy.access import for_roles
from academy.db import unit_of_work
from academy.i18n import gettext as _
from academy.institutions.rules import EDITORS
from courses.catalogue.models import Offer
from courses.editing import topics as deciding
from courses.search.guiding.topics import count_to_confirm, offer_to_decide
from courses.web.confirming import (
    Deciding,
    Telling,
    codes_sent,
    confirmed_told,
    confirming_page,
    page_left,
    refused_told,
    waiting_told,
)
from courses.web.desk.frame import Desk, Room, Task, add_room, bp, desk_of, needs_doing


def waiting(desk: Desk) -> int:
    """Count the institution's offers with something to decide."""
    return count_to_confirm(_own(desk))


add_room(Room(_l("Topics to confirm"), "desk.topics", EDITORS, order=25, waiting=waiting))


@needs_doing(EDITORS, order=45)
def topics_to_confirm(desk: Desk) -> Iterator[Task]:
    """Count the offers with something to decide."""
    if count := waiting(desk):
        yield Task(waiting_told(count), desk.url("desk.topics"), _("Confirm or refuse"))


@bp.get("/topics")
@for_roles(EDITORS)
def topics(institution: str) -> str:
    """List the offers without an issue whose words suggest one."""
    desk = desk_of(institution)
    shown = confirming_page(_own(desk), partial(_address, desk))
    return render_template("desk/topics.html", **shown)


@bp.post("/topics/<slug>/confirm")
@for_roles(EDITORS)
def confirm_topics(institution: str, slug: str) -> Response:
    """Describe an offer by what its words suggest."""
    return _decide(institution, slug, deciding.confirm, confirmed_told)


@bp.post("/topics/<slug>/refuse")
@for_roles(EDITORS)
def refuse_topics(institution: str, slug: str) -> Response:
    """Say that an offer is not about what its words suggest."""
    return _decide(institution, slug, deciding.refuse, refused_told)


def _decide(institution: str, slug: str, act: Deciding, told: Telling) -> Response:
    with unit_of_work():
        desk = desk_of(institution)
        offer = offer_to_decide(slug, _own(desk))
        decided = act(offer, codes_sent(), person=desk.person, now=desk.now)
    flash(*told(decided))
    desk = desk_of(institution)
    return redirect(desk.url("desk.topics", page=page_left(_own(desk))), 303)


def _own(desk: Desk) -> ColumnElement[bool]:
    return Offer.institution_id == desk.institution.id


def _address(desk: Desk, act: str, **values: Any) -> str:
    return desk.url(f"desk.{act}_topics", **values)
