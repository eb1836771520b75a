"""What a source asks for before it answers goes to its host, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db
from courses.harvesting.models import HarvestState, SourcePage
from courses.sources.credentials import CredentialKind, Credentials, sealed_credentials
from tests.harvesting.courses_told import Courses
from tests.harvesting.partner import Partner, approved, partner_serving, read, sums
from tests.harvesting.publishing import publish

SECRET = "a-token-that-nobody-may-see"


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


@pytest.fixture
def elsewhere() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


def sealed(app: Flask, kind: CredentialKind, user: str = "") -> bytes:
    return sealed_credentials(Credentials(kind, SECRET, user), app.config["SETTINGS"])


def test_moodle_gets_its_token_in_the_form_and_nowhere_else(app: Flask, partner: Partner) -> None:
    address = publish(partner, "moodle", Courses(("water",)))
    source = approved(address, "moodle", secret=sealed(app, CredentialKind.MOODLE))
    assert sums(read(app, source, partner)) == (1, 1, 0, 0, 0)
    [asked] = partner.asked
    assert asked.method == "POST"
    assert f"wstoken={SECRET}" in asked.content.decode().split("&")
    assert SECRET not in asked.path


def test_a_bearer_token_goes_to_the_host_of_the_source_only(
    app: Flask, partner: Partner, elsewhere: Partner
) -> None:
    more = json.dumps({"results": [{"id": "heat", "title": "Heat", "url": "https://a.example/"}]})
    leads = elsewhere.say("/more", more)
    first = {"results": [{"id": "water", "title": "Water", "url": "https://b.example/"}]}
    address = partner.say("/api", json.dumps({**first, "next": leads}))
    source = approved(address, "objects", secret=sealed(app, CredentialKind.BEARER))
    assert sums(read(app, source, partner, elsewhere)) == (1, 1, 0, 0, 0)
    assert partner.asked[0].headers["authorization"] == f"Bearer {SECRET}"
    partner.say("/api", b"", status=302, headers={"Location": leads})
    read(app, source, partner, elsewhere)
    assert "authorization" not in elsewhere.asked[0].headers


def test_an_argument_goes_to_the_host_of_the_source_only_and_is_kept_nowhere_else(
    app: Flask, partner: Partner, elsewhere: Partner
) -> None:
    def told(name: str, leads: str) -> bytes:
        one = {"id": name, "title": name, "url": f"https://a.example/{name}"}
        return json.dumps({"results": [one], "next": leads}).encode()

    # As servers do, it writes into its links what it was asked with.
    second = partner.say("/second", told("heat", ""))
    first = partner.say("/first", told("water", f"{second}?page=2&token={SECRET}"))
    secret = sealed(app, CredentialKind.ARGUMENT, "token")
    source = approved(f"{first}?lang=fr", "objects", secret=secret)

    read(app, source, partner, elsewhere)

    assert partner.paths() == [
        f"/first?lang=fr&token={SECRET}",
        f"/second?page=2&token={SECRET}",
    ]
    kept = [page.following for page in db.session.scalars(select(SourcePage))]
    assert SECRET not in repr(kept)
    assert [f"{second}?page=2"] in kept
    leads = elsewhere.say("/moved", told("water", "")) + f"?page=1&token={SECRET}"
    partner.say("/first", b"", status=302, headers={"Location": leads})
    read(app, source, partner, elsewhere)
    assert elsewhere.paths() == ["/moved?page=1"]


def test_credentials_sealed_under_another_key_are_asked_for_again(
    app: Flask, partner: Partner
) -> None:
    source = approved(partner.say("/a", b""), "jsonl", secret=b"gAAAAABsomething")
    harvest = read(app, source, partner)
    assert (harvest.state, harvest.code) == (HarvestState.FAILED, "credentials-lost")
    assert partner.asked == []
