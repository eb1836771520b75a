"""People read, download and erase what is kept of them."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from flask import Flask, current_app
from sqlalchemy import String, Text, func, select

from academy.accounts.models import Person, Steward
from academy.accounts.queries import person_by_email
from academy.audit import AuditEntry
from academy.db import db, unit_of_work
from academy.institutions.models import MemberRole
from academy.notices.models import DeadAddress, Notice
from academy.notices.operations import note_bounce
from academy.privacy.archive import cell
from academy.privacy.models import Acceptance
from academy.privacy.registry import everything_kept
from academy.privacy.rules import VERSIONS
from courses.enrolment.models import Enrolment
from courses.feedback.models import Review
from tests.invited import invitations_sent, invite
from tests.letters import letter
from tests.making import NOW, make_person
from tests.staff import make_member
from tests.taking_part import BEGUN, COMING, answers, enrol, make_run, review, taken
from tests.visiting import Visitor

CANARY = "canaryqwx"


def marked(person: Person) -> tuple[str, str]:
    """Let a person leave their mark wherever people can type; gives two runs they are in."""
    key = person.id
    visitor = Visitor(current_app._get_current_object(), person)  # type: ignore[attr-defined]
    begun, coming = make_run(BEGUN), make_run(COMING, title="Coming soon")
    enrol(person, begun)
    enrol(person, coming)
    review(person, begun, answers(f"{CANARY} said it"))
    profile = {"name": f"{CANARY} name", "city": f"{CANARY} city", "role": "technical"}
    kept = visitor.post("/en/my/profile", **profile, language="en", zone="Africa/Nairobi")
    told = visitor.post("/en/learn/water-for-all/concern", kind="other", text=f"{CANARY} concern")
    assert (kept.status_code, told.status_code) == (303, 303)
    with unit_of_work():
        db.session.get_one(Person, key).languages = ["sw"]
    return begun, coming


def everything_stored() -> str:
    """Read every text of every table."""
    found = []
    for table in db.metadata.sorted_tables:
        texts = [c for c in table.columns if isinstance(c.type, String | Text)]
        for row in db.session.execute(select(*table.columns)).all():
            found.append(" ".join(str(value) for value in row))
        assert texts or table.columns
    db.session.rollback()
    return "\n".join(found)


def test_every_table_about_people_is_in_the_registry(app: Flask) -> None:
    about_people = {
        (table.name, column.name)
        for table in db.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "people"
    }
    registered = {(one.name, one.subject) for one in everything_kept()}

    assert about_people - registered == set()
    otherwise = {("people", "id"), ("dead_addresses", "email_key"), ("unanswered_queries", "")}
    assert registered - about_people == otherwise


def test_the_notice_lists_all_that_is_kept_of_people(app: Flask) -> None:
    page = Visitor(app).page("/en/privacy")

    assert page.count('<th scope="row">') == len(everything_kept())


def test_people_download_all_that_is_kept_of_them_and_nothing_of_others(
    app: Flask, ana: Person
) -> None:
    marked(ana)
    other = make_person("other@example.org", name="Otherwise")
    enrol(other, make_run(title="Third"))

    answer = Visitor(app, ana).post("/en/my/data/download")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    file = zipfile.ZipFile(io.BytesIO(answer.data))
    whole = json.loads(file.read("data.json"))
    tables = whole["tables"]
    assert tables["people"][0]["name"] == f"{CANARY} name"
    assert [row["text"] for row in tables["reviews"]] == [f"{CANARY} said it"]
    assert [row["text"] for row in tables["concerns"]] == [f"{CANARY} concern"]
    assert [row["run.offer.slug"] for row in tables["enrolments"]] == [
        "water-for-all",
        "coming-soon",
    ]
    assert "other" not in json.dumps(tables["people"])
    rows = list(csv.DictReader(io.StringIO(file.read("reviews.csv").decode("utf-8-sig"))))
    assert [row["text"] for row in rows] == [f"{CANARY} said it"]
    assert "hash" not in json.dumps(whole)


def test_downloading_and_erasing_ask_for_a_fresh_proof(app: Flask, ana: Person) -> None:
    visitor = Visitor(app, ana)
    with unit_of_work():
        from academy.accounts.models import PersonSession  # noqa: PLC0415

        for session in db.session.scalars(select(PersonSession)):
            session.proved_at = session.proved_at.replace(year=2020)

    for path in ("/en/my/data/download", "/en/my/account/erase"):
        answer = visitor.post(path, sure="yes")
        assert answer.status_code == 303
        assert "/my/account/prove" in answer.headers["Location"]
    assert person_by_email("ana@example.org") is not None


def test_erasing_takes_the_address_out_of_invitations_too(app: Flask, ana: Person) -> None:
    email, key = ana.email, ana.id
    invite(email, by=make_member(MemberRole.OWNER, email="owner@example.org"))

    Visitor(app, db.session.get_one(Person, key)).post("/en/my/account/erase", sure="yes")

    assert [(one.email, one.revoked_at is None) for one in invitations_sent()] == [("", False)]
    told = select(Notice.kind).where(Notice.address == email)
    assert db.session.scalars(told).all() == ["account-erased"]


def test_mails_that_came_back_are_told_and_go_with_the_account(app: Flask, ana: Person) -> None:
    visitor = Visitor(app, ana)
    with unit_of_work():
        for address in ("Ana@example.org", "other@example.org"):
            note_bounce(address, f"{CANARY} Full", hard=False, now=NOW)

    answer = visitor.post("/en/my/data/download")
    visitor.post("/en/my/account/erase", sure="yes")

    file = zipfile.ZipFile(io.BytesIO(answer.data))
    told = json.loads(file.read("data.json"))["tables"]["dead_addresses"]
    assert told == [{"problem": f"{CANARY} Full", "bounces": 1, "since": NOW.isoformat()}]
    left = db.session.scalars(select(DeadAddress.email_key)).all()
    assert left == ["other@example.org"]


def test_erasing_leaves_counts_and_nothing_personal(app: Flask, ana: Person) -> None:
    begun, coming = marked(ana)
    email, key = ana.email, ana.id
    visitor = Visitor(app, ana)
    unsure = visitor.post("/en/my/account/erase")
    before = db.session.scalar(select(func.count()).select_from(Enrolment))

    answer = visitor.post("/en/my/account/erase", sure="yes")

    assert (unsure.status_code, answer.status_code) == (422, 303)
    assert person_by_email(email) is None
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == before
    assert [one.text for one in db.session.scalars(select(Review))] == [""]
    assert (taken(begun), taken(coming)) == (0, 0)
    stored = everything_stored()
    assert CANARY not in stored
    assert visitor.get("/en/my").status_code == 303
    mail = letter(app, "account-erased", email)
    assert mail.subject == "Your account is erased"
    gone = db.session.get_one(Person, key)
    assert gone.erased_at is not None
    assert db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id.desc())).first() == (
        "person-erased"
    )
    left = [one.address for one in db.session.scalars(select(Notice))]
    assert left == [email]


def test_the_address_of_somebody_erased_is_free_for_a_new_account(app: Flask, ana: Person) -> None:
    Visitor(app, ana).post("/en/my/account/erase", sure="yes")

    assert make_person("ana@example.org").id != ana.id


def test_a_steward_hands_the_office_back_before_leaving(app: Flask, ana: Person) -> None:
    key = ana.id
    with unit_of_work():
        db.session.get_one(Person, key).steward = Steward.ALL

    answer = Visitor(app, ana).post("/en/my/account/erase", sure="yes")

    assert answer.status_code == 422
    assert "Have another steward take the office back first." in answer.get_data(as_text=True)
    assert person_by_email("ana@example.org") is not None


def test_agreeing_is_kept_with_its_version_once(app: Flask, visitor: Visitor) -> None:
    assert "Please read the terms" in visitor.page("/en/my/account")

    for _time in range(2):
        visitor.post("/en/my/agreement")

    kept = db.session.execute(select(Acceptance.policy, Acceptance.version, Acceptance.language))
    assert sorted((p, v, code) for p, v, code in kept) == sorted(
        (policy, version, "en") for policy, version in VERSIONS.items()
    )
    assert "Please read the terms" not in visitor.page("/en/my/account")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "|x"])
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert cell(f"a{text}") == f"a{text}"


@pytest.mark.parametrize(
    ("field", "value"),
    [("zone", "Mars/Base"), ("section", "nowhere"), ("name", "\u200b"), ("language", "xx")],
)
def test_a_profile_takes_only_what_there_is(visitor: Visitor, field: str, value: str) -> None:
    told = {"name": "Ana", "language": "en", "zone": "UTC"}

    assert visitor.post("/en/my/profile", **(told | {field: value})).status_code == 422
    assert visitor.post("/en/my/profile", **told).status_code == 303


def test_mails_follow_the_zone_and_language_of_the_profile(
    app: Flask, visitor: Visitor, ana: Person
) -> None:
    key = ana.id
    visitor.post("/en/my/profile", name="Ana", language="fr", zone="Asia/Tokyo")

    found = db.session.get_one(Person, key)
    assert (found.language, found.zone) == ("fr", "Asia/Tokyo")
