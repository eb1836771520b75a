"""What features plug into the stewards' acts: consequences, and what belongs to people.

In app.extensions: "blocking" and "merging" are lists of functions, run in the unit of work of the
act; "belongings" says what an account has, before two are merged; "dependents" is what goes with
an institution that is retired, and comes back with it.
"""

from __future__ import annotations

from flask import Flask, current_app

from academy.i18n import ngettext
from academy.institutions.models import Membership, RoleRequest
from academy.institutions.operations import Dependent
from academy.secretariat.operations import Consequences
from academy.secretariat.queries import Belonging


def offer_plugs(app: Flask) -> None:
    """Make the lists to which features add."""
    for name in ("blocking", "merging", "dependents"):
        app.extensions.setdefault(name, [])
    app.extensions["belongings"] = [
        Belonging(Membership.person_id, _roles),
        Belonging(RoleRequest.person_id, _requests),
    ]


def consequences() -> Consequences:
    """Give what the features do when an account is blocked or merged."""
    plugged = current_app.extensions
    return Consequences(plugged["blocking"], plugged["merging"])


def belongings() -> list[Belonging]:
    """Give what people may have, in the order in which it is told."""
    kinds: list[Belonging] = current_app.extensions["belongings"]
    return kinds


def dependents() -> list[Dependent]:
    """Give what the features have of institutions."""
    kinds: list[Dependent] = current_app.extensions["dependents"]
    return kinds


def _roles(number: int) -> str:
    return ngettext("%(num)d role in an institution", "%(num)d roles in institutions", number)


def _requests(number: int) -> str:
    return ngettext("%(num)d request for a role", "%(num)d requests for roles", number)
