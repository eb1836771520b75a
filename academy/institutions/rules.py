"""What is allowed in institutions: who may do what for one."""

from __future__ import annotations

from academy.accounts.models import Person, Steward
from academy.institutions.models import Institution, MemberRole

EVERYBODY = frozenset(MemberRole)
EDITORS = frozenset((MemberRole.OWNER, MemberRole.EDITOR))
"""Who may change what the institution offers."""

OWNERS = frozenset((MemberRole.OWNER,))
"""Who may decide who works for the institution."""

FACILITATORS = frozenset((MemberRole.OWNER, MemberRole.EDITOR, MemberRole.FACILITATOR))
"""Who may see who is registered for a webinar, and write to them."""


def keeps_in_order(person: Person, institution: Institution) -> bool:
    """Tell whether the person is a steward of this institution: of all, or of its section."""
    if person.steward is Steward.ALL:
        return True
    in_section = person.section is not None and person.section == institution.section
    return person.steward is Steward.SECTION and in_section
