"""Kinds, levels, places, costs, addresses and lists as partners write them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.catalogue.models import Cost, Delivery, Kind, Level
from courses.harvesting.draft import MOST_FINDINGS, Finding, Notes, Weight
from courses.harvesting.reading import values as reading


@pytest.mark.parametrize(
    "text",
    [
        *("webinar", "Webinars", "WEBINAR", "Webinaire", "webinário", "event", "Evento", "talk"),
        *("live webinar", "Вебинар", "网络研讨会", "ندوة", "Veranstaltung"),
    ],
)
def test_what_is_held_at_an_hour_is_a_webinar(text: str) -> None:
    assert reading.kind(text) is Kind.WEBINAR


@pytest.mark.parametrize(
    "text", ["", "course", "COURSE", "material", "guided-project", "Specialization", "prevention"]
)
def test_everything_else_is_a_course(text: str) -> None:
    assert reading.kind(text) is Kind.COURSE


@pytest.mark.parametrize(
    ("text", "level"),
    [
        *[("Beginner Level", Level.INTRODUCTORY), ("Débutant", Level.INTRODUCTORY)],
        *[("Básico", Level.INTRODUCTORY), ("iniciante", Level.INTRODUCTORY)],
        *[("Introductory", Level.INTRODUCTORY), ("Beginner to advanced", Level.INTRODUCTORY)],
        *[("Intermediate", Level.INTERMEDIATE), ("niveau moyen", Level.INTERMEDIATE)],
        *[("Advanced", Level.ADVANCED), ("Avancé", Level.ADVANCED), ("Expert", Level.ADVANCED)],
        *[("Graduate", Level.ADVANCED), ("Undergraduate", None), ("High School", None)],
        *[("All Levels", None), ("Mixed", None), ("", None)],
    ],
)
def test_a_level_is_read(text: str, level: Level | None) -> None:
    assert reading.level(text) is level


@pytest.mark.parametrize(
    ("text", "delivery"),
    [
        *[("Online", Delivery.ONLINE), ("EAD", Delivery.ONLINE), ("REMOTO", Delivery.ONLINE)],
        *[
            ("en ligne", Delivery.ONLINE),
            ("a distância", Delivery.ONLINE),
            ("true", Delivery.ONLINE),
        ],
        *[("on-site", Delivery.ON_SITE), ("Presencial", Delivery.ON_SITE)],
        *[("présentiel", Delivery.ON_SITE), ("In person", Delivery.ON_SITE)],
        *[("false", Delivery.ON_SITE), ("HÍBRIDO", Delivery.HYBRID), ("hybrid", Delivery.HYBRID)],
        *[("blended", Delivery.HYBRID), ("semi-presencial", Delivery.HYBRID)],
        *[("online and in person", Delivery.HYBRID), ("leadership", None), ("", None)],
    ],
)
def test_where_people_learn_is_read(text: str, delivery: Delivery | None) -> None:
    assert reading.delivery(text) is delivery


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        *[("Free", Cost.FREE), ("gratuito", Cost.FREE), ("False", Cost.FREE), ("0", Cost.FREE)],
        *[("0.00 €", Cost.FREE), ("免费", Cost.FREE), ("Paid", Cost.PAID), ("True", Cost.PAID)],
        *[
            ("charge", Cost.PAID),
            ("de pago", Cost.PAID),
            ("9.99", Cost.PAID),
            ("$ 1,200", Cost.PAID),
        ],
        *[("", None), ("ask us", None), ("free for members, 20 € for others", None)],
    ],
)
def test_whether_learners_pay_is_read(text: str, cost: Cost | None) -> None:
    assert reading.cost(text) is cost


@pytest.mark.parametrize(
    ("text", "words"),
    [
        *[("", []), (" | ; ", []), ("Housing", ["Housing"]), ("a|b", ["a", "b"])],
        *[("webinar;hackathon;", ["webinar", "hackathon"]), (" a ;; b ", ["a", "b"])],
        *[("Housing, water", ["Housing, water"]), ("['a', \"b's\", 'c']", ["a", "b's", "c"])],
        *[("[]", []), ("['it\\'s']", ["it's"]), ("<b>Water</b>|Heat", ["Water", "Heat"])],
    ],
)
def test_a_cell_may_hold_several_words(text: str, words: list[str]) -> None:
    assert reading.many(text) == words


@pytest.mark.parametrize(
    "text", ["", " ", "-", "--", "N/A", "n/a", "None", "null", "NaN", "[]", "not-mentioned", "?"]
)
def test_a_word_for_nothing_says_nothing(text: str) -> None:
    assert reading.said(text) == ""


@pytest.mark.parametrize("text", ["Nantes", "Nothing to lose", "0", "No", "Nan Goldin"])
def test_words_that_only_begin_so_are_kept(text: str) -> None:
    assert reading.said(text) == text


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ('"Live workshop"', "Live workshop"),
        ('"Clean" and "safe"', '"Clean" and "safe"'),
        ("['Plan a street', 'Ask the neighbours']", "Plan a street; Ask the neighbours"),
        ("[]", ""),
        ('"', ""),
        ("Water [1]", "Water [1]"),
    ],
)
def test_prose_is_taken_out_of_its_wrapping(text: str, prose: str) -> None:
    assert reading.prose(text) == prose


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("www.school.example/1", "https://www.school.example/1"),
        ("https://school.example/my course 1.html", "https://school.example/my%20course%201.html"),
        ("http://school.example/?q=clean water", "http://school.example/?q=clean%20water"),
    ],
)
def test_an_address_that_is_nearly_one_is_completed_and_noted(text: str, meant: str) -> None:
    notes = Notes(7)
    assert reading.address(text, notes) == meant
    assert notes.found == [Finding(7, "url", "completed-address", Weight.REPAIRED, text)]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "mailto:a@school.example",
        ),
        *(
            "school.example",
            "/course/1",
            "https://",
            "https://user@school.example",
            "see below",
        ),
        "https://school.example/" + "a" * 2_000,
    ],
)
def test_what_is_no_web_address_is_left_out_and_noted(text: str) -> None:
    notes = Notes(7)
    assert reading.address(text, notes) is None
    assert notes.found == [Finding(7, "url", "unusable-address", Weight.REPAIRED, text[:200])]


def test_a_web_address_is_kept_as_it_is() -> None:
    notes = Notes(7)
    address = "https://school.example/course/2215/?area=9#runs"
    assert (reading.address(address, notes), reading.address("", notes)) == (address, None)
    assert notes.found == []


@pytest.mark.parametrize("text", ["6", "1.5", "1,5", " 12 "])
def test_a_number_alone_says_nothing_of_the_workload(text: str) -> None:
    notes = Notes(7)
    assert reading.workload(text, notes) is None
    assert [found.code for found in notes.found] == ["no-unit"]


@pytest.mark.parametrize("text", ["20 h/a", "3-4小时每周", "Two weeks", "PT4H"])
def test_a_workload_stays_in_the_words_of_the_partner(text: str) -> None:
    assert reading.workload(text, Notes(7)) == text


def test_a_record_gets_no_more_findings_than_anybody_reads() -> None:
    notes = Notes(7)
    for number in range(1_000):
        notes.add("language", "unknown-language", str(number))
    assert len(notes.found) == MOST_FINDINGS
    assert replace(notes.found[0], line=1) == Finding(1, "language", "unknown-language", found="0")


@given(text=st.text(max_size=200))
@settings(max_examples=300, deadline=None, database=None)
def test_any_text_can_be_read_as_any_value(text: str) -> None:
    notes = Notes(1)
    reading.kind(text), reading.level(text), reading.delivery(text), reading.cost(text)
    assert len(reading.prose(text)) <= 2 * len(text)
    assert all(word and "\n" not in word for word in reading.many(text))
    assert len(reading.workload(text, notes) or "") <= 120


def test_the_scheme_and_host_of_an_address_are_written_small() -> None:
    notes = Notes(1)
    told = reading.address("HTTPS://School.Example:8080/A?B=C", notes)
    assert (told, notes.found) == ("https://school.example:8080/A?B=C", [])
