"""What people saved before it was found to be one with another offer."""

from __future__ import annotations

import re

from flask import Flask

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from courses.saving import operations as saving
from tests.duplicates.published import publish
from tests.making import NOW
from tests.merged import merge
from tests.visiting import Visitor

BUTTON = re.compile(r'name="(save|remove)" value="([\w-]+)"')


def test_who_saved_one_of_several_that_are_one_has_saved_it(app: Flask, ana: Person) -> None:
    hill, lake = publish("Water for all", "hill"), publish("Water for all", "lake")
    with unit_of_work():
        person = db.session.get_one(Person, ana.id)
        saving.save_offer(person, db.session.get_one(Offer, lake), now=NOW)
    merge(hill, lake)
    page = Visitor(app, ana).page(f"/en/learn/{db.session.get_one(Offer, hill).slug}")
    slug = db.session.get_one(Offer, lake).slug
    assert BUTTON.findall(page) == [("remove", slug)]
