"""flask people and flask institutions: what they make, and what they refuse in a sentence."""

from __future__ import annotations

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db
from academy.institutions.models import Institution
from tests.browsing import Browser

PASSWORD = "river stone lamp"
ADD = ("people", "add", "ben@example.org", "--name", "Ben", "--password", PASSWORD)
RIVER = ("institutions", "add", "river-school", "--name", "River School")
ADDRESS = "%r cannot be an address: use a-z, 0-9 and single hyphens."


def flask(app: Flask, *arguments: str, typed: str = "") -> Result:
    """Run a command as at a terminal, whatever was typed there."""
    return app.test_cli_runner().invoke(args=arguments, input=typed)


def said(result: Result) -> tuple[int, str]:
    """The exit code and what was said."""
    return result.exit_code, result.output


def people(app: Flask) -> list[tuple[str, str, str]]:
    """Everybody: address, name, office."""
    with app.app_context():
        rows = db.session.scalars(select(Person).order_by(Person.id))
        return [(one.email, one.name, one.steward.value) for one in rows]


def test_people_add_makes_an_account_to_sign_in_with(place: Flask) -> None:
    assert said(flask(place, *ADD)) == (0, "ben@example.org has an account now.\n")
    assert people(place)[1] == ("ben@example.org", "Ben", "none")
    assert Browser(place).sign_in("ben@example.org", PASSWORD).status_code == 303


def test_people_add_asks_for_a_password_that_nobody_sees(place: Flask) -> None:
    result = flask(place, *ADD[:-2], typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output
    assert Browser(place).sign_in("ben@example.org", PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("ANA@example.org", "--name", "Ana", "--password", PASSWORD),
            "This address cannot be used for a new account. If it is yours, sign in.",
        ),
        (("ben", "--name", "Ben", "--password", PASSWORD), "ben is not an e-mail address."),
        (
            ("ben@example.org", "--name", "Ben", "--password", "short"),
            "Choose a password of 8 characters or more. Three or four words are good.",
        ),
        (
            ("ben@example.org", "--name", " \u200b", "--password", PASSWORD),
            "The name is empty: --name NAME.",
        ),
    ],
)
def test_people_add_refuses_in_a_sentence(
    place: Flask, arguments: tuple[str, ...], sentence: str
) -> None:
    assert said(flask(place, "people", "add", *arguments)) == (1, f"Error: {sentence}\n")
    assert people(place) == [("ana@example.org", "Ana", "none")]


def test_an_office_is_given_and_taken_back(place: Flask) -> None:
    given = said(flask(place, "people", "steward", " ANA@example.org"))
    assert given == (0, " ANA@example.org is a steward.\n")
    assert people(place) == [("ana@example.org", "Ana", "all")]
    again = flask(place, "people", "steward", "ana@example.org")
    assert (again.exit_code, people(place)[0][2]) == (0, "all")
    taken = said(flask(place, "people", "steward", "ana@example.org", "--remove"))
    assert taken == (0, "ana@example.org is no longer a steward.\n")
    assert people(place) == [("ana@example.org", "Ana", "none")]


def test_nobody_without_an_account_becomes_a_steward(place: Flask) -> None:
    assert said(flask(place, "people", "steward", "ben@example.org")) == (
        1,
        "Error: Nobody has the address ben@example.org."
        " Make the account first: flask people add.\n",
    )


def test_institutions_add_puts_an_institution_on_the_map(place: Flask) -> None:
    more = ("--kind", "university", "--language", "es")
    assert said(flask(place, *RIVER, *more)) == (
        0,
        "River School is in the academy as river-school.\n",
    )
    with place.app_context():
        [made] = db.session.scalars(select(Institution)).all()
        assert (made.slug, made.name, made.kind.value, made.agreement.value) == (
            *("river-school", {"es": "River School"}),
            *("university", "mapped"),
        )
    assert Browser(place).get("/en/institutions/river-school").status_code == 200


@pytest.mark.parametrize(
    "slug",
    ["River", "río", "a--b", "a-", "a b", "a/b", "../a", "", "en", "ar", "x" * 121, "a\n"],
)
def test_what_cannot_be_an_address_is_refused(place: Flask, slug: str) -> None:
    result = said(flask(place, "institutions", "add", slug, "--name", "River School"))
    assert result == (1, f"Error: {ADDRESS % slug}\n")


def test_an_address_belongs_to_one_institution(place: Flask) -> None:
    flask(place, *RIVER)
    sentence = "Another institution has this address already."
    assert said(flask(place, *RIVER)) == (1, f"Error: {sentence}\n")


def test_an_institution_needs_a_name_that_can_be_read(place: Flask) -> None:
    result = said(flask(place, "institutions", "add", "river-school", "--name", "\u202e "))
    assert result == (1, "Error: The name is empty: --name NAME.\n")


def test_an_unknown_kind_is_refused_with_those_there_are(place: Flask) -> None:
    result = flask(place, *RIVER, "--kind", "school")
    assert result.exit_code == 2
    assert "'network', 'association', 'university'" in result.output
