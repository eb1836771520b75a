"""The words for what institutions are, how things stand with them, and what their people do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.i18n import current_language, text_in
from academy.i18n import gettext as _
from academy.institutions.models import (
    Agreement,
    Institution,
    InstitutionKind,
    MemberRole,
    RequestState,
)

T = TypeVar("T", bound=StrEnum)

KINDS = {
    InstitutionKind.NETWORK: _l("City network"),
    InstitutionKind.ASSOCIATION: _l("Association of local governments"),
    InstitutionKind.UNIVERSITY: _l("University or school"),
    InstitutionKind.CITY: _l("City"),
    InstitutionKind.UN_PROGRAMME: _l("United Nations programme"),
    InstitutionKind.NGO: _l("Civil society organisation"),
}
AGREEMENTS = {
    Agreement.MAPPED: _l("On the map"),
    Agreement.CONTACTED: _l("Contacted"),
    Agreement.AGREED: _l("Agreed to take part"),
    Agreement.ACTIVE: _l("Active"),
    Agreement.RETIRED: _l("Retired"),
}
ROLES = {
    MemberRole.OWNER: _l("Owner"),
    MemberRole.EDITOR: _l("Editor"),
    MemberRole.FACILITATOR: _l("Facilitator"),
    MemberRole.REPORTER: _l("Reporter"),
}
MAY = {
    MemberRole.OWNER: _l("decides who works here, and does all that editors do"),
    MemberRole.EDITOR: _l("writes and publishes what the institution offers"),
    MemberRole.FACILITATOR: _l("sees who is registered for webinars, and writes to them"),
    MemberRole.REPORTER: _l("sees what is offered and how it was received"),
}
STATES = {
    RequestState.WAITING: _l("Waits for an answer"),
    RequestState.GRANTED: _l("Granted"),
    RequestState.REFUSED: _l("Refused"),
}


def name_of(institution: Institution) -> str:
    """Name the institution for the present reader: in their language, if it has a name there."""
    return text_in(institution.name, current_language()).text


def options(words: Mapping[T, LazyString]) -> list[dict[str, str]]:
    """Make choices for a form of the words for an enumeration."""
    return [{"code": code.value, "label": str(word)} for code, word in words.items()]


def roles_told() -> list[dict[str, str]]:
    """Make choices of the roles, each with what it may do."""
    return [
        {"code": role.value, "label": _("%(role)s – %(may)s", role=str(word), may=str(MAY[role]))}
        for role, word in ROLES.items()
    ]
