"""What becomes of the rows of a table."""

from __future__ import annotations

from courses.catalogue.models import Cost, Delivery, Kind, Level
from courses.catalogue.texts import LanguageOrigin, LanguageRole
from courses.harvesting.adapters import csv
from courses.harvesting.draft import Draft, Feed
from tests.harvesting.harvested import drafts, rejections, table

ROW = {
    "Id": "w-1",
    "Title": "Water for all",
    "Summary": "In short",
    "Description": "<p>At length</p>",
    "URL": "https://school.example/water",
    "Organizer": "River School",
    "Language": "English|Français",
    "Subtitles": "Subtitles: Spanish, Arabic",
    "Start": "2026-03-01T10:00",
    "End": "2026-03-01T11:00",
    "Timezone": "Africa/Nairobi",
    "Level": "Beginner",
    "Online": "true",
    "Types": "webinar;hackathon;",
    "Cost": "0",
    "Duration": "1 hour",
    "Keywords": "water|sanitation",
    "Contact": "somebody@school.example",
}


def only(content: bytes, **feed: dict[str, str]) -> Draft:
    [draft] = drafts(list(csv.read(Feed(content, **feed))))  # type: ignore[arg-type]
    return draft


def codes(draft: Draft) -> list[tuple[str, str, str]]:
    return [(found.field, found.code, found.found) for found in draft.findings]


def test_a_full_row_is_read_in_all_its_parts() -> None:
    draft = only(table(ROW))
    [text] = draft.texts
    assert (text.language, text.title, text.summary) == ("en", "Water for all", "In short")
    assert text.description == "<p>At length</p>"
    assert (draft.external_id, draft.address) == ("w-1", "https://school.example/water")
    assert (draft.provider, draft.workload) == ("River School", "1 hour")
    assert (draft.kind, draft.level) == (Kind.WEBINAR, Level.INTRODUCTORY)
    assert (draft.delivery, draft.cost) == (Delivery.ONLINE, Cost.FREE)
    assert draft.words == ["water", "sanitation", "webinar", "hackathon"]
    assert codes(draft) == []


def test_taught_languages_come_before_those_of_the_subtitles() -> None:
    found = [(one.code, one.role, one.origin) for one in only(table(ROW)).languages]
    taught, subtitles = LanguageRole.TAUGHT, LanguageRole.SUBTITLES
    declared = LanguageOrigin.DECLARED
    assert found == [
        *[("en", taught, declared), ("fr", taught, declared)],
        *[("es", subtitles, declared), ("ar", subtitles, declared)],
    ]


def test_the_whole_row_is_kept_as_it_came() -> None:
    assert only(table(ROW)).payload == ROW


def test_the_run_is_in_the_zone_of_the_row() -> None:
    [run] = only(table(ROW)).runs
    assert run.starts_at is not None
    assert (run.starts_at.isoformat(), run.zone) == ("2026-03-01T07:00:00+00:00", "Africa/Nairobi")


def test_without_an_id_the_address_names_the_record() -> None:
    assert only(table(ROW | {"Id": ""})).external_id == "https://school.example/water"


def test_without_both_what_the_record_says_names_it() -> None:
    first, same, other = (
        only(table(ROW | {"Id": "", "URL": url, "Duration": hours}))
        for url, hours in (("", "1 hour"), ("", "2 hours"), ("see below", "1 hour"))
    )
    assert first.external_id.startswith("sha256:")
    assert first.external_id == same.external_id != other.external_id
    assert codes(first) == [("id", "no-own-id", "")]
    assert codes(other) == [("url", "unusable-address", "see below"), ("id", "no-own-id", "")]


def test_a_language_nobody_knows_is_noted_and_the_others_count() -> None:
    draft = only(table(ROW | {"Language": "Klingonese; French", "Subtitles": ""}))
    assert [one.code for one in draft.languages] == ["fr"]
    assert codes(draft) == [("language", "unknown-language", "Klingonese")]


def test_the_default_language_is_said_by_the_source_where_the_row_says_none() -> None:
    default = {"language": "pt_BR"}
    empty, own = only(table(ROW | {"Language": ""}), defaults=default), only(table(ROW))
    first = empty.languages[0]
    assert (first.code, first.role, first.origin) == (
        *("pt-BR", LanguageRole.TAUGHT),
        LanguageOrigin.SOURCE,
    )
    assert empty.texts[0].language == "pt-BR"
    assert only(table(ROW), defaults=default).languages == own.languages


def test_subtitles_alone_do_not_say_in_what_it_is_taught() -> None:
    draft = only(table(ROW | {"Language": ""}))
    assert draft.texts[0].language == ""
    assert {one.role for one in draft.languages} == {LanguageRole.SUBTITLES}


def test_other_defaults_fill_what_a_row_leaves_open() -> None:
    draft = only(
        table(ROW | {"Organizer": "", "Cost": "n/a"}),
        defaults={
            "provider": "City of Rivers",
            "cost": "paid",
            "title": "never",
            "level": "expert",
        },
    )
    assert (draft.provider, draft.cost) == ("City of Rivers", Cost.PAID)
    assert (draft.texts[0].title, draft.level) == ("Water for all", Level.INTRODUCTORY)


def test_an_address_in_place_of_a_provider_is_left_out() -> None:
    draft = only(table(ROW | {"Organizer": "https://school.example/logo.png"}))
    assert draft.provider is None
    assert codes(draft) == [("provider", "address-for-a-name", "https://school.example/logo.png")]


def test_answers_to_questions_are_no_words_to_map() -> None:
    draft = only(table(ROW | {"Types": "true", "Online": "No", "Keywords": "water"}))
    assert draft.words == ["water"]


def test_too_many_cells_are_kept_beside_the_row_and_noted() -> None:
    draft = only(b"Title,URL\nWater,https://school.example/1,extra,,more\n")
    assert draft.payload == {
        "Title": "Water",
        "URL": "https://school.example/1",
        "(beyond the last column)": "extra\nmore",
    }
    assert codes(draft) == [("", "too-many-cells", "extra more")]


def test_missing_cells_are_empty_and_trailing_empty_ones_do_not_matter() -> None:
    items = list(csv.read(Feed(b"Title,URL,Cost\nWater\nHeat,https://school.example/2,,,,\n")))
    assert [draft.texts[0].title for draft in drafts(items)] == ["Water", "Heat"]
    assert "too-many-cells" not in [code for draft in drafts(items) for _, code, _ in codes(draft)]


def test_rows_without_any_word_are_no_records() -> None:
    items = list(csv.read(Feed(b"Title,URL\n,\n  , \nWater,https://school.example/1\n\n")))
    assert len(items) == 1


def test_a_header_alone_is_a_feed_of_no_records() -> None:
    assert list(csv.read(Feed(b"Title,URL\n"))) == []


def test_a_stray_quote_costs_its_row_alone() -> None:
    rows = b'Title,URL\n"Wa"ter",x\n"Heat ""now""",y\nWaste "today",z\n'
    items = list(csv.read(Feed(rows)))
    assert [draft.texts[0].title for draft in drafts(items)] == ['Heat "now"', 'Waste "today"']
    assert [(found.line, found.code) for found in rejections(items)] == [(2, "broken-quotes")]


def test_a_title_that_runs_on_through_the_next_row_is_rejected() -> None:
    torn = 'Guitar",https://school.example/1,true\n42,Piano'
    content = table(
        {"Title": torn, "URL": "https://school.example/2"}, {"Title": "Heat", "URL": "x"}
    )
    items = list(csv.read(Feed(content)))
    assert [(found.line, found.field, found.code) for found in rejections(items)] == [
        (2, "title", "broken-quotes")
    ]
    assert [draft.texts[0].title for draft in drafts(items)] == ["Heat"]


def test_an_unreadable_character_is_noted() -> None:
    content = ("Título,URL\n" + "Gestión del agua,https://school.example/1\n" * 20).encode()
    items = list(csv.read(Feed(content.replace(b"del", b"d\xe9l", 1))))
    assert [code for draft in drafts(items) for _, code, _ in codes(draft)] == [
        *("guessed-encoding", "unreadable-characters"),
    ]
    known = Feed(content.replace(b"del", b"d\xe9l", 1), charset="utf-8")
    assert [code for draft in drafts(list(csv.read(known))) for _, code, _ in codes(draft)] == [
        "unreadable-characters"
    ]
