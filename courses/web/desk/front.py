"""The front page of a desk, and the choice between several desks."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from academy.access import current_person, for_roles, signed_in
from academy.accounts.models import Person
from academy.i18n import current_language, text_in
from academy.institutions.phrases import ROLES
from academy.institutions.queries import memberships_of
from academy.institutions.rules import EVERYBODY, OWNERS
from courses.web.blueprint import bp as courses
from courses.web.desk.frame import Room, add_room, bp, desk_of, tasks_at

add_room(Room(_l("What needs doing"), "desk.front", EVERYBODY, order=10))
add_room(Room(_l("People"), "institutions.people", OWNERS, order=60))


@bp.get("")
@for_roles(EVERYBODY)
def front(institution: str) -> str:
    """Show what needs doing today."""
    desk = desk_of(institution)
    return render_template("desk/front.html", tasks=tasks_at(desk))


@courses.get("/my/institutions")
@signed_in
def my_institutions() -> Response | str:
    """Lead to the desk of the person's institution; who works for several chooses."""
    memberships = memberships_of(current_person())
    if len(memberships) == 1:
        [only] = memberships
        return redirect(url_for("desk.front", institution=only.institution.slug), 303)
    reader = current_language()
    desks = [
        {
            "name": text_in(one.institution.name, reader),
            "role": ROLES[one.role],
            "url": url_for("desk.front", institution=one.institution.slug),
        }
        for one in memberships
    ]
    return render_template("desk/choose.html", desks=desks)


def works_somewhere(person: Person) -> bool:
    """Tell whether the person works for an institution."""
    return bool(memberships_of(person))
