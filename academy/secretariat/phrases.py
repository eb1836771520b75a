"""The words of the stewards' desk: offices, and the acts that the log tells."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from academy.accounts.models import Person, Steward
from academy.i18n import gettext as _
from academy.web.pages import site

OFFICES = {
    Steward.NONE: _l("No office"),
    Steward.SECTION: _l("Steward of a section"),
    Steward.ALL: _l("Steward of the whole academy"),
}
ACTS = {
    "person-blocked": _l("Blocked an account"),
    "person-unblocked": _l("Opened a blocked account again"),
    "person-merged": _l("Merged an account into another"),
    "person-erased": _l("Erased an account"),
    "address-confirmed": _l("Confirmed an e-mail address"),
    "address-changed": _l("Changed an e-mail address"),
    "password-changed": _l("Changed a password"),
    "password-removed": _l("Removed a password"),
    "password-reset": _l("Chose a new password by mail"),
    "api-token-made": _l("Made an API token"),
    "data-downloaded": _l("Downloaded their data"),
    "notice-sent-again": _l("Had a mail sent again"),
    "office-given": _l("Gave or took an office"),
    "institution-added": _l("Added an institution"),
    "institution-revised": _l("Revised an institution"),
    "institution-described": _l("Changed the profile of an institution"),
    "institution-confirmed": _l("Confirmed an institution"),
    "institution-retired": _l("Retired an institution"),
    "institution-brought-back": _l("Brought an institution back"),
    "role-asked-for": _l("Asked for a role"),
    "request-granted": _l("Granted a request for a role"),
    "request-refused": _l("Refused a request for a role"),
    "role-changed": _l("Changed a role"),
    "member-removed": _l("Ended a role"),
    "invitation-sent": _l("Invited somebody"),
    "invitation-accepted": _l("Accepted an invitation"),
    "invitation-withdrawn": _l("Withdrew an invitation"),
    "announced": _l("Announced something"),
    "announcement-revised": _l("Revised an announcement"),
    "announcement-ended": _l("Ended an announcement"),
}


def office_of(person: Person, sections: Mapping[str, str] | None = None) -> str:
    """Tell the office of a person; that of a section with its name, from `sections` if given."""
    if person.steward is not Steward.SECTION:
        return str(OFFICES[person.steward])
    named, code = section_names() if sections is None else sections, person.section or ""
    return _("Steward of a section: %(section)s", section=named.get(code, code))


def section_names() -> dict[str, str]:
    """Name the sections of the network in the reader's language, by code."""
    return dict(site().sections())


def act_told(act: str) -> str:
    """Tell an act; one that is not known here by its code."""
    return str(ACTS.get(act, act))
