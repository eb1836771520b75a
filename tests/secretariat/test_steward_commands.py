"""flask people and flask institutions: offices, blocking, lists, retiring."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from academy import audit
from academy.accounts.models import Person, Steward
from academy.accounts.queries import person_by_email
from academy.institutions.queries import institution_by_slug
from tests.browsing import Browser
from tests.invited import RIVER, make_place
from tests.making import make_person

ANA = "ana@example.org"


@pytest.fixture
def place(academy: Callable[..., Flask]) -> Flask:
    """An academy with Ana and a school; no application context is open."""
    made = academy()
    with made.app_context():
        make_person()
        make_place(RIVER, section="uclg-africa", name="River School")
    return made


def flask(app: Flask, *arguments: str) -> Result:
    """Run a command as at a terminal."""
    return app.test_cli_runner().invoke(args=arguments)


def said(app: Flask, *arguments: str) -> tuple[int, str]:
    """Run a command; the exit code and what was said."""
    result = flask(app, *arguments)
    return result.exit_code, result.output


def ana(app: Flask) -> Person:
    """Load Ana anew."""
    with app.app_context():
        found = person_by_email(ANA)
        assert found is not None
        return found


def test_a_steward_of_a_section_is_made_and_unmade(place: Flask) -> None:
    assert said(place, "people", "steward", ANA, "--section", "uclg-africa") == (
        *(0, f"{ANA} is a steward of the section uclg-africa.\n"),
    )
    assert (ana(place).steward, ana(place).section) == (Steward.SECTION, "uclg-africa")
    assert said(place, "people", "list", "--stewards") == (
        0,
        f"{ANA:<40} Ana (steward of uclg-africa)\n",
    )
    assert said(place, "people", "steward", ANA, "--remove")[0] == 0
    assert ana(place).steward is Steward.NONE
    assert said(place, "people", "list", "--stewards") == (0, "")


def test_a_section_that_is_not_there_is_refused_with_those_that_are(place: Flask) -> None:
    code, told = said(place, "people", "steward", ANA, "--section", "atlantis")
    assert (code, told[:47]) == (1, "Error: There is no section 'atlantis', only: uc")
    assert ana(place).steward is Steward.NONE


def test_people_are_listed_by_words(place: Flask) -> None:
    with place.app_context():
        make_person("ben@example.org", name="Ben")
    assert said(place, "people", "list", "BEN") == (0, f"{'ben@example.org':<40} Ben\n")
    assert said(place, "people", "list")[1].count("\n") == 2
    assert said(place, "people", "list", "nobody") == (0, "")


def test_somebody_is_blocked_and_let_in_again(place: Flask) -> None:
    assert flask(place, "people", "block", ANA).exit_code == 2
    assert said(place, "people", "block", ANA, "--reason", "Advertising") == (
        *(0, f"{ANA} is blocked.\n"),
    )
    assert Browser(place).sign_in().status_code == 422
    assert said(place, "people", "list")[1] == f"{ANA:<40} Ana (blocked)\n"
    with place.app_context():
        [entry] = audit.latest(limit=1)
        assert (entry.act, entry.reason, entry.person) == ("person-blocked", "Advertising", None)
    assert said(place, "people", "unblock", ANA) == (0, f"{ANA} can sign in again.\n")
    assert Browser(place).sign_in().status_code == 303


def test_a_steward_is_not_blocked(place: Flask) -> None:
    said(place, "people", "steward", ANA)
    assert said(place, "people", "block", ANA, "--reason", "x") == (
        *(1, "Error: This person is a steward. Take the office back first.\n"),
    )


@pytest.mark.parametrize("act", [("block", "--reason", "x"), ("unblock",), ("steward",)])
def test_nobody_is_nobody(place: Flask, act: tuple[str, ...]) -> None:
    verb, *more = act
    code, told = said(place, "people", verb, "nobody@example.org", *more)
    assert (code, told.startswith("Error: Nobody has the address")) == (1, True)


def test_institutions_are_listed_and_retired(place: Flask) -> None:
    row = f"{RIVER:<32} {'mapped':<10} {'uclg-africa':<16} River School\n"
    assert said(place, "institutions", "list", "river") == (0, row)
    assert flask(place, "institutions", "retire", RIVER).exit_code == 2
    assert said(place, "institutions", "retire", RIVER, "--reason", "Closed") == (
        *(0, f"{RIVER} is retired.\n"),
    )
    assert said(place, "institutions", "list") == (0, row.replace("mapped ", "retired"))
    with place.app_context():
        assert institution_by_slug(RIVER).agreement.value == "retired"
        assert [entry.reason for entry in audit.latest(limit=2)] == ["Closed"]


def test_an_institution_that_is_not_there_is_not_retired(place: Flask) -> None:
    assert said(place, "institutions", "retire", "nowhere", "--reason", "x") == (
        *(1, "Error: No institution has the address nowhere.\n"),
    )
