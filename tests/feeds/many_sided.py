"""Offers that say all that offers can say, in several languages and scripts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from academy.db import unit_of_work
from academy.institutions.queries import institution_by_slug
from courses.catalogue import operations as catalogue
from courses.catalogue.content import (
    LanguageContent,
    MeetingContent,
    OfferContent,
    RunContent,
    TextContent,
)
from courses.catalogue.models import Certificate, Cost, Delivery, Kind, Level, Pace
from courses.catalogue.texts import LanguageOrigin, LanguageRole, TextOrigin
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import vocabularies
from tests.harvesting.harvested import harvest, lines, record, table
from tests.making import NOW, make_institution, make_offer

HTML = (
    "<p>Ports &amp; rivers: <strong>what rises</strong>, \u201cand why\u201d.</p>"
    '<ul><li>One</li><li><a href="https://example.org/a?b=1&amp;c=2">Two</a></li></ul>'
)
START = datetime(2026, 12, 3, 13, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
GERMAN = "Was eine Stadt gegen die Hitze des Sommers tun kann, und wie sie damit beginnt."

TEXTS = (
    TextContent("fr", "L\u2019eau pour tous", "En bref\u00a0: l\u2019eau.", HTML),
    TextContent("en", "Water for all", None, HTML, TextOrigin.MACHINE),
    TextContent("ar", "الماء للجميع", None, "<p>كل ما تحتاج المدينة معرفته عن الماء.</p>"),
    TextContent("th", "น้ำสำหรับทุกคน", "สั้น ๆ", "<p>ทุกสิ่งที่เมืองต้องรู้เกี่ยวกับน้ำ</p>", TextOrigin.CHECKED),
)
LANGUAGES = (
    LanguageContent("fr"),
    LanguageContent("pt-BR", origin=LanguageOrigin.GUESSED),
    LanguageContent("ar", LanguageRole.SUBTITLES),
    LanguageContent("fr", LanguageRole.SUBTITLES, LanguageOrigin.SOURCE),
    LanguageContent("th", LanguageRole.MATERIALS),
    LanguageContent("en", LanguageRole.INTERFACE),
)
MEETINGS = (
    MeetingContent(START, START + HOUR, {"fr": "Ouverture", "ar": "افتتاح"}, cancelled=True),
    MeetingContent(
        START + timedelta(days=7),
        START + timedelta(days=7, hours=2),
        {},
        "https://example.org/recording?id=7",
        join_link="https://rooms.example.org/secret",
    ),
    MeetingContent(START + timedelta(days=7), START + timedelta(days=7, hours=2), {"en": "Beside"}),
)
RUNS = (
    RunContent(
        START,
        START + timedelta(days=30),
        START - timedelta(days=2),
        "Africa/Nairobi",
        40,
        MEETINGS,
    ),
    RunContent(START + timedelta(days=90), zone="America/Sao_Paulo"),
    RunContent(zone="UTC", ends_at=START + timedelta(days=400)),
)


def make_many_sided() -> None:
    """Fill an academy: by hand, by harvests of several sources, of two institutions."""
    _by_hand()
    make_offer("A webinar", kind=Kind.WEBINAR, runs=(RunContent(START, START + HOUR),))
    make_offer("Never held", runs=())
    make_offer("Line\u2028separated \u202eturned", institution="hill-school")
    told = {"licence": "CC BY-SA 4.0", "subjects": "water;sanitation", "kind": "MOOC"}
    told |= {"mode": "online", "start": "2026-12-01", "workload": "3 h/week"}
    numbered = record("17", **told) | {"source": "", "source_id": "17"}
    named = record("heat", title="Hitze in der Stadt", language=None, description=GERMAN)
    named |= {"source": "", "source_id": "https://school.city/heat"}
    harvest(lines(numbered, named))
    other = {"id": "17", "title": "Another seventeen", "url": "https://lake.city/17"}
    harvest(table(other | {"language": "es"}), "csv", defaults={"licence": "https://lake.city/cc"})


def _by_hand() -> None:
    make_institution("river-school")
    words = vocabularies(*Vocabulary)
    many = (words.of(Vocabulary.METHODOLOGY), words.of(Vocabulary.AUDIENCE))
    terms = [words.by_code[Vocabulary.ISSUE, code] for code in ("water", "housing")]
    terms += [term for of in many for term in of[:7]]
    _publish(_content([term.id for term in terms]))


def _content(term_ids: list[int]) -> OfferContent:
    return OfferContent(
        kind=Kind.COURSE,
        language="fr",
        texts=TEXTS,
        languages=LANGUAGES,
        term_ids=term_ids,
        provider="École « du Fleuve »",
        address="https://school.city/eau?lang=fr&id=7",
        contact="ecole@example.org",
        audience={"fr": "Élus & agents", "ar": "موظفو المدينة"},
        delivery=Delivery.OFFLINE,
        pace=Pace.INSTRUCTOR,
        level=Level.ADVANCED,
        cost=Cost.PAID,
        certificate=Certificate.NONE,
        licence="CC-BY-NC-SA-4.0",
        workload_minutes=90,
        workload="90 min, plus reading",
        data_mb=20,
        data_mb_light=0,
        runs=RUNS,
    )


def _publish(content: OfferContent) -> None:
    with unit_of_work():
        place = institution_by_slug("river-school")
        offer = catalogue.add_offer(place, content, address="eau", now=NOW)
        catalogue.publish(offer, now=NOW)
