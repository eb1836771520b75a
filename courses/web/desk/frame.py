"""What every page of an institution's desk shares: its rooms, and what needs doing there.

Other modules add a link to the sub-navigation with `add_room` (what needs doing stands at 10,
offers 20, import 30, participants 40, reviews 50, people 60, profile 70), and sentences to the
front page with `@needs_doing`. A page of any blueprint whose address has an <institution> may
extend "desk/layout.html"; a page below a room says in `g.desk_room` to which endpoint it belongs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, flash, g, request, url_for
from flask_babel import LazyString

from academy.access import current_person
from academy.accounts.models import Person
from academy.db import utcnow
from academy.i18n import current_language, text_in
from academy.i18n import gettext as _
from academy.institutions.models import Institution, MemberRole
from academy.institutions.queries import institution_by_slug, role_in
from academy.institutions.rules import keeps_in_order
from courses.search.backlog import Awaited, await_index

bp = Blueprint("desk", __name__, url_prefix="/<language:lang>/institutions/<institution>/desk")


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at the desk of an institution, at a moment."""

    institution: Institution
    person: Person
    role: MemberRole | None
    keeps_in_order: bool
    now: datetime

    def is_for(self, roles: frozenset[MemberRole]) -> bool:
        """Tell whether the person works here in one of the roles, or keeps the place in order."""
        return self.role in roles or self.keeps_in_order

    def url(self, endpoint: str, **values: Any) -> str:
        """Address a page of this desk."""
        return url_for(endpoint, institution=self.institution.slug, **values)


@dataclass(frozen=True, slots=True)
class Room:
    """A link of the sub-navigation, who sees it, and how many things wait behind it."""

    label: LazyString
    endpoint: str
    roles: frozenset[MemberRole]
    order: int
    waiting: Callable[[Desk], int] | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Something that needs doing: a whole sentence, and the page where it is done."""

    sentence: str
    url: str
    label: str


Tasks = Callable[[Desk], Iterable[Task]]
_rooms: dict[str, Room] = {}
_tasks: list[tuple[int, frozenset[MemberRole], Tasks]] = []


def add_room(room: Room) -> None:
    """Add a link to the sub-navigation; links stand by their order (10, 20, ...)."""
    _rooms[room.endpoint] = room


def needs_doing(roles: frozenset[MemberRole], *, order: int) -> Callable[[Tasks], Tasks]:
    """Let a function say, on the front page, what needs doing; people in these roles see it."""

    def keep(tasks: Tasks) -> Tasks:
        _tasks.append((order, roles, tasks))
        return tasks

    return keep


def desk_of(institution: str) -> Desk:
    """Give the desk of the institution at this address, as the person who asks stands at it.

    Loads both anew: call it inside a unit of work again before changing anything.
    """
    place, person = institution_by_slug(institution), current_person()
    return Desk(
        institution=place,
        person=person,
        role=role_in(person, place),
        keeps_in_order=keeps_in_order(person, place),
        now=utcnow(),
    )


def tasks_at(desk: Desk) -> list[Task]:
    """List what needs doing, the most pressing first."""
    asked = sorted(_tasks, key=lambda one: one[0])
    return [task for _order, roles, say in asked if desk.is_for(roles) for task in say(desk)]


def _frame() -> dict[str, Any]:
    """Give what the layout shows around every page of the desk."""
    desk = desk_of((request.view_args or {})["institution"])
    rooms = sorted(_rooms.values(), key=lambda room: room.order)
    shown = [
        room
        for room in rooms
        if desk.is_for(room.roles) and room.endpoint in current_app.view_functions
    ]
    name = text_in(desk.institution.name, current_language())
    links = [_link(room, desk) for room in shown]
    front = {"label": name.text, "url": desk.url("desk.front")}
    within = [one for one in links if one["current"] and request.path != one["url"]]
    return {
        "crumbs": [front, *within],
        "public_url": url_for("courses.institution", slug=desk.institution.slug),
        "rooms": links,
    }


def _link(room: Room, desk: Desk) -> dict[str, Any]:
    return {
        "label": room.label,
        "url": desk.url(room.endpoint),
        "current": room.endpoint in {request.endpoint, g.get("desk_room")},
        "waiting": room.waiting(desk) if room.waiting else 0,
    }


@bp.before_request
def _keep_private() -> None:
    """Whatever the desk shows is for those who work there."""
    g.private = g.noindex = True


@bp.after_request
def _find_it_next(response: Response) -> Response:
    """Whoever changed something, and is led on, finds the change there and in the catalogue."""
    led_on = request.method == "POST" and response.status_code == 303
    if led_on and await_index(now=utcnow()) is Awaited.SOON:
        flash(_("Much is being published. Search finds your change in a moment."), "info")
    return response


@bp.app_context_processor
def _desk_frame() -> dict[str, Any]:
    """Let templates ask for the frame; pages that do not ask pay nothing."""
    return {"desk_frame": _frame}
