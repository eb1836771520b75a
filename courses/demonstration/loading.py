"""Loading, refreshing and removing the demonstration network."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import delete, select

from academy.accounts import operations as accounts
from academy.accounts.models import CitySize, Person, Steward, WorkRole
from academy.db import db, unit_of_work
from academy.institutions import operations as institutions
from academy.institutions.models import Agreement, Institution, InstitutionKind, MemberRole
from academy.notices.models import Notice
from academy.privacy.operations import agree
from courses.catalogue import operations as catalogue
from courses.catalogue.models import Offer
from courses.catalogue.queries import whole
from courses.demonstration.content import Entry, entries, offer_content
from courses.demonstration.taking_part import moderate, take_part
from courses.vocabularies.queries import vocabularies

DOMAIN = "sample.example"
ACCOUNTS = ("learner", "owner", "editor", "facilitator", "steward")
MARKER = "demonstration.json"
Progress = Callable[[int, int], None]


def marker() -> Path:
    """Name the file that remembers the demonstration: its password, and whether it was removed."""
    home: Path = current_app.config["SETTINGS"].home
    return home / MARKER


def is_settled() -> bool:
    """Tell whether there is nothing to load: it is there, was removed, or real data is."""
    if marker().exists() and json.loads(marker().read_text()).get("removed"):
        return True
    return has_institutions()


def has_institutions() -> bool:
    """Tell whether there are institutions, of the network or real ones."""
    return db.session.scalar(select(Institution.id).limit(1)) is not None


def sign_ins(home: Path) -> list[str]:
    """Give the lines that say how to sign in as each role; none when it is not loaded."""
    path = home / MARKER
    told = json.loads(path.read_text()) if path.exists() else {}
    if "password" not in told:
        return []
    who = [f"  {role:<12} {role}@{DOMAIN}" for role in ACCOUNTS]
    return [f"Demonstration accounts, all with the password {told['password']}", *who]


def load(*, now: datetime, progress: Progress) -> None:
    """Load the whole network in one transaction: all of it, or nothing."""
    password = secrets.token_urlsafe(9)
    hashed = accounts.hash_password(password)
    offers = entries("offers")
    with unit_of_work():
        places = {entry["slug"]: _institution(entry, now) for entry in entries("institutions")}
        people = {entry["key"]: _person(entry, hashed, now) for entry in entries("people")}
        place = next(iter(places.values()))
        accounts_of = _role_accounts(hashed, place, now)
        vocabulary = vocabularies()
        for done, entry in enumerate(offers, 1):
            content = offer_content(entry, vocabulary, now=now)
            of = places[entry["institution"]]
            offer = catalogue.add_offer(of, content, address=entry["slug"], now=now)
            offer.sample = True
            catalogue.publish(offer, now=now - timedelta(minutes=len(offers) - done))
            db.session.flush()
            take_part(offer, entry, people, now=now)
            progress(done, len(offers))
        moderate(accounts_of["facilitator"], place, now=now)
        # Nobody of the sample hears of what they did before it was loaded.
        sample = select(Person.id).where(Person.sample)
        db.session.execute(delete(Notice).where(Notice.person_id.in_(sample)))
    _remember({"password": password})


def refresh(*, now: datetime) -> int:
    """Move the dates of the sample offers to today; returns how many there are."""
    known = {entry["slug"]: entry for entry in entries("offers")}
    with unit_of_work():
        vocabulary = vocabularies()
        offers = db.session.scalars(select(Offer).options(*whole()).where(Offer.sample)).all()
        for offer in offers:
            if offer.slug in known:
                content = offer_content(known[offer.slug], vocabulary, now=now)
                catalogue.revise(offer, content, now=now)
        return len(offers)


def remember_removal() -> None:
    """Keep the network from coming back with the next start."""
    _remember({"removed": True})


def _remember(told: dict[str, object]) -> None:
    path = marker()
    descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(told, file)


def _institution(entry: Entry, now: datetime) -> Institution:
    kind = InstitutionKind(entry["kind"])
    place = institutions.add_institution(entry["slug"], name=entry["name"], kind=kind, now=now)
    for name in ("about", "section", "country", "city", "homepage", "contact"):
        setattr(place, name, entry[name])
    place.agreement, place.sample = Agreement.ACTIVE, True
    return place


def _person(entry: Entry, hashed: str, now: datetime) -> Person:
    person = accounts.sign_up(
        f"{entry['key']}@{DOMAIN}",
        name=entry["name"],
        password_hash=hashed,
        language=entry["language"],
        now=now,
    )
    person.role, person.city_size = WorkRole(entry["role"]), CitySize(entry["city_size"])
    person.section, person.sample = entry["section"], True
    agree(person, language=person.language, now=now)
    return person


def _role_accounts(hashed: str, place: Institution, now: datetime) -> dict[str, Person]:
    made = {}
    for role in ACCOUNTS:
        person = accounts.sign_up(
            f"{role}@{DOMAIN}",
            name=f"{role.title()} (sample)",
            password_hash=hashed,
            language="en",
            now=now,
        )
        person.sample = True
        agree(person, language=person.language, now=now)
        if role == "steward":
            person.steward = Steward.ALL
        elif role in set(MemberRole):
            institutions.appoint(person, place, MemberRole(role), now=now)
        made[role] = person
    return made
