"""Making the mail of a notice: one function a kind, run at the moment of sending."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from academy.accounts.models import Person
from academy.notices.models import Group, Notice


@dataclass(frozen=True, slots=True)
class Action:
    """The one thing to do: words and an absolute address."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels with the mail, such as a calendar file with its method."""

    name: str
    media_type: str
    body: bytes
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says, in whole sentences of the reader's language; plain and HTML are made of it.

    `facts` are label and value; `after` stands below the action, smaller.
    """

    subject: str
    paragraphs: Sequence[str]
    action: Action | None = None
    facts: Sequence[tuple[str, str]] = ()
    after: Sequence[str] = ()
    attachments: Sequence[Attachment] = ()
    reply_to: str = ""
    further: Sequence[Action] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who will read the mail: the person, if there is an account, in their language and zone."""

    person: Person | None
    address: str
    language: str
    zone: str
    now: datetime


Composer = Callable[[Notice, Reader], Mail | None]
"""Makes the mail, inside a unit of work; None when it is no longer true and must not be sent."""

Made = TypeVar("Made", bound=Composer)


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of notice."""

    name: str
    group: Group
    compose: Composer


KINDS: dict[str, Kind] = {}


def mail(name: str, group: Group) -> Callable[[Made], Made]:
    """Register the function that makes the mails of a kind."""

    def register(compose: Made) -> Made:
        KINDS[name] = Kind(name, group, compose)
        return compose

    return register
