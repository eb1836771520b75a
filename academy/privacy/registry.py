"""What is kept of people: every table, why, for how long, and what becomes of it at erasure.

The page on privacy, the data people download and their erasure are all made of this list. A house
test holds that no table about people is missing from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from flask import Flask, current_app
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, false
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from academy.accounts.models import Person, PersonSession
from academy.announcements.models import Announcement
from academy.audit import AuditEntry
from academy.institutions.models import Invitation, Membership, RoleRequest
from academy.notices.models import DeadAddress, MutedGroup, Notice
from academy.privacy.models import Acceptance
from academy.tokens.models import ApiToken, IdempotencyKey, Token


class OnErasure(StrEnum):
    """What becomes of the rows of somebody who is erased."""

    DELETED = "deleted"
    EMPTIED = "emptied"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of rows about people.

    `subject` is the column that names the person, by key or by address; `exported` what people get
    when they download their data: never a secret, never another person. A name such as
    "run.offer.slug" leads to another row, which `load` brings along.
    """

    model: type[Any]
    subject: str
    what: LazyString
    how_long: LazyString
    on_erasure: OnErasure
    exported: tuple[str, ...] = ()
    load: tuple[ORMOption, ...] = ()

    @property
    def name(self) -> str:
        """The name of the table."""
        return str(self.model.__tablename__)

    def about(self, person: Person) -> ColumnElement[bool]:
        """Say in SQL which rows are about a person."""
        if self.subject == NOBODY:
            return false()
        mine = person.email_key if self.subject == BY_ADDRESS else person.id
        return cast(ColumnElement[bool], getattr(self.model, self.subject) == mine)


BY_ADDRESS = "email_key"
"""The subject of rows that know the address of the person alone."""

NOBODY = ""
"""The subject of rows that people cause, and that do not know who did."""

AS_LONG_AS_THE_ACCOUNT = _l("As long as the account")
UNTIL_OVER = _l("Until it is over")

_PROFILE = (
    *("email", "name", "language", "languages", "zone", "section", "city", "role", "city_size"),
    *("steward", "joined_at", "confirmed_at", "blocked_at"),
)
PLATFORM = (
    Kept(
        Person,
        "id",
        _l("Your account: address, name, and what you told of your work"),
        AS_LONG_AS_THE_ACCOUNT,
        OnErasure.EMPTIED,
        _PROFILE,
    ),
    Kept(
        PersonSession,
        "person_id",
        _l("The browsers in which you are signed in"),
        UNTIL_OVER,
        OnErasure.DELETED,
        ("agent", "started_at", "seen_at", "expires_at"),
    ),
    Kept(
        Token,
        "person_id",
        _l("The links and codes mailed to you, of which only a fingerprint is kept"),
        _l("A month after they expire"),
        OnErasure.DELETED,
        ("purpose", "made_at", "expires_at", "used_at"),
    ),
    Kept(
        ApiToken,
        "person_id",
        _l("Your tokens for programs, of which only a fingerprint is kept"),
        AS_LONG_AS_THE_ACCOUNT,
        OnErasure.DELETED,
        ("name", "ending", "scopes", "made_at", "expires_at", "last_used_at", "revoked_at"),
    ),
    Kept(
        IdempotencyKey,
        "person_id",
        _l("Marks of forms and requests, so that nothing is done twice"),
        _l("Some days"),
        OnErasure.DELETED,
        ("made_at",),
    ),
    Kept(
        Notice,
        "person_id",
        _l("The mails sent to you: what they were about and when, not their text"),
        _l("90 days after they were sent"),
        OnErasure.DELETED,
        ("kind", "group", "subject", "state", "made_at", "due_at", "sent_at"),
    ),
    Kept(
        MutedGroup,
        "person_id",
        _l("The mails you do not want"),
        AS_LONG_AS_THE_ACCOUNT,
        OnErasure.DELETED,
        ("group", "muted_at"),
    ),
    Kept(
        DeadAddress,
        BY_ADDRESS,
        _l("That mails to your address came back, and what the mail server said"),
        _l("Until mails arrive again; 30 days where no account has the address"),
        OnErasure.DELETED,
        ("problem", "bounces", "since"),
    ),
    Kept(
        Acceptance,
        "person_id",
        _l("The terms and the privacy notice you agreed to, in which version"),
        AS_LONG_AS_THE_ACCOUNT,
        OnErasure.DELETED,
        ("policy", "version", "language", "accepted_at"),
    ),
    Kept(
        Membership,
        "person_id",
        _l("The institutions you work for, and your role there"),
        AS_LONG_AS_THE_ACCOUNT,
        OnErasure.DELETED,
        ("institution.slug", "role", "since"),
        load=(joinedload(Membership.institution),),
    ),
    Kept(
        RoleRequest,
        "person_id",
        _l("The roles you asked for, and the answers"),
        AS_LONG_AS_THE_ACCOUNT,
        OnErasure.DELETED,
        ("institution_name", "role", "message", "state", "asked_at", "reason"),
    ),
    Kept(
        RoleRequest,
        "decided_by_id",
        _l("The requests for roles you decided, as a steward"),
        AS_LONG_AS_THE_ACCOUNT,
        OnErasure.KEPT,
    ),
    Kept(
        Invitation,
        "invited_by_id",
        _l("The invitations you sent for an institution"),
        AS_LONG_AS_THE_ACCOUNT,
        OnErasure.KEPT,
        ("email", "role", "made_at", "accepted_at"),
    ),
    Kept(
        AuditEntry,
        "person_id",
        _l("The log of what you did for an institution or as a steward"),
        _l("24 months"),
        OnErasure.KEPT,
        ("at", "act", "thing", "fields"),
    ),
    Kept(
        Announcement,
        "made_by_id",
        _l("The announcements you made, as a steward"),
        UNTIL_OVER,
        OnErasure.KEPT,
        ("texts", "starts_at", "ends_at", "made_at"),
    ),
)


def offer_registry(app: Flask) -> None:
    """Make the list to which features add what they keep of people."""
    app.extensions["personal data"] = list(PLATFORM)
    app.extensions["erasing"] = []


def everything_kept() -> list[Kept]:
    """List all that is kept of people."""
    kept: list[Kept] = current_app.extensions["personal data"]
    return kept
