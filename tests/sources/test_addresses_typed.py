"""The address of a source as it is typed: what is wrong with it is said at once, in its words."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db
from courses.sources.models import Source
from tests.staff import make_member
from tests.visiting import Visitor

FORM = "/en/institutions/river-school/desk/sources/new"
TYPED = {
    "name": "Our courses",
    "adapter": "csv",
    "schedule": "daily",
    "zone": "UTC",
    "credentials": "none",
}


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://10.0.0.1/courses", "10.0.0.1 is not on the internet, so it is not asked."),
        ("https://ana:open@school.example.org/", "Keep them as credentials."),
        ("", "choose “Only when somebody asks for it”."),
    ],
)
def test_what_is_wrong_with_an_address_is_said_in_its_own_words(
    app: Flask, address: str, sentence: str
) -> None:
    answer = Visitor(app, make_member()).post(FORM, **TYPED, address=address)
    assert answer.status_code == 422
    assert f"{sentence}</p>" in html.unescape(answer.text)


def test_an_address_inside_is_taken_where_the_operator_has_named_it(
    academy: Callable[..., Flask],
) -> None:
    app = academy(intranet_hosts=("10.0.0.1",))
    with app.app_context():
        Visitor(app, make_member()).post(FORM, **TYPED, address="http://10.0.0.1/courses")
        assert list(db.session.scalars(select(Source.address))) == ["http://10.0.0.1/courses"]
        db.session.rollback()
