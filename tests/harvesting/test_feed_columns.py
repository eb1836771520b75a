"""Which column means what: guessed from headers in many languages, or told in a mapping."""

from __future__ import annotations

import pytest

from courses.harvesting.adapters import csv
from courses.harvesting.draft import Feed, NotAFeed
from courses.harvesting.reading.columns import FIELDS, guess_columns, mapping_of
from tests.harvesting.harvested import drafts, table


@pytest.mark.parametrize(
    ("headers", "columns"),
    [
        (["Title", "URL", "Language"], {"title": "Title", "url": "URL", "language": "Language"}),
        (
            ["Intitulé", "Lien", "Langue"],
            {"title": "Intitulé", "url": "Lien", "language": "Langue"},
        ),
        (
            ["Título", "Enlace", "Idioma"],
            {"title": "Título", "url": "Enlace", "language": "Idioma"},
        ),
        (
            ["Titel", "Adresse", "Sprache"],
            {"title": "Titel", "url": "Adresse", "language": "Sprache"},
        ),
        (
            ["العنوان", "الرابط", "اللغة"],
            {"title": "العنوان", "url": "الرابط", "language": "اللغة"},
        ),
        (
            ["Название", "Ссылка", "Язык"],
            {"title": "Название", "url": "Ссылка", "language": "Язык"},
        ),
        (["标题", "链接", "语言"], {"title": "标题", "url": "链接", "language": "语言"}),
        (["course_title", "course-url"], {"title": "course_title", "url": "course-url"}),
        (["NAME", " Website "], {"title": "NAME", "url": " Website "}),
        (["Name", "Title"], {"title": "Title"}),
        (["Cost", "Cost Basis"], {"cost": "Cost Basis"}),
        (["Colour", "", "Size"], {}),
    ],
)
def test_columns_are_guessed_from_their_headers(
    headers: list[str], columns: dict[str, str]
) -> None:
    assert guess_columns(headers) == {field: [header] for field, header in columns.items()}


def test_several_columns_may_hold_subjects_in_the_order_of_the_table() -> None:
    headers = ["Topic 2", "Title", "Category", "edX Subject 1", "Subject line", "Keywords"]
    assert guess_columns(headers)["subjects"] == [
        "Topic 2",
        "Category",
        "edX Subject 1",
        "Keywords",
    ]


def test_a_header_serves_one_field_only() -> None:
    guessed = guess_columns(["Title", "Course type", "Type", "Topic", "Subject"])
    used = [header for headers in guessed.values() for header in headers]
    assert sorted(used) == sorted(set(used))


def test_no_column_with_titles_is_refused_with_the_columns_there_are() -> None:
    with pytest.raises(NotAFeed) as refused:
        list(csv.read(Feed(b"Colour,\x1b[31mSize\nred,4\n")))
    assert refused.value.code == "no-title-column"
    assert refused.value.details == {"headers": "Colour, [31mSize"}


def test_a_mapping_that_names_a_missing_column_is_refused() -> None:
    feed = Feed(b"Title,Link\nWater,x\n", {"title": ["Title"], "language": ["Langue", "Idioma"]})
    with pytest.raises(NotAFeed) as refused:
        list(csv.read(feed))
    assert refused.value.code == "no-such-column"
    assert refused.value.details == {"column": "Langue, Idioma", "headers": "Title, Link"}


def test_of_several_columns_the_first_that_says_something_counts() -> None:
    content = table(
        {"FR": "Eau", "EN": "Water", "Link": "x"}, {"FR": "n/a", "EN": "Heat", "Link": "y"}
    )
    feed = Feed(content, {"title": ["FR", "EN", "ES"], "url": ["Link"]})
    assert [draft.texts[0].title for draft in drafts(list(csv.read(feed)))] == ["Eau", "Heat"]


def test_columns_of_one_name_do_not_hide_each_other() -> None:
    feed = Feed(b"Title,Link,Title,,\nWater,x,Second,a,b\n")
    assert csv.headers(feed) == ["Title", "Link", "Title (3)", "column 4", "column 5"]
    [draft] = drafts(list(csv.read(feed)))
    assert list(draft.payload.values()) == ["Water", "x", "Second", "a", "b"]
    assert draft.texts[0].title == "Water"


def test_a_mapping_is_read_from_toml() -> None:
    columns, defaults = mapping_of(
        '[columns]\ntitle = "Intitulé"\nsubjects = ["A", "B"]\n'
        '[defaults]\nlanguage = "fr"\ncost = 0\n'
    )
    assert columns == {"title": ["Intitulé"], "subjects": ["A", "B"]}
    assert defaults == {"language": "fr", "cost": "0"}


def test_an_empty_mapping_tells_nothing() -> None:
    assert mapping_of("") == ({}, {})


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[columns]\ntitel = "Titel"\n', "'titel' is none of our fields"),
        ('[defaults]\nlang = "fr"\n', "'lang' is none of our fields"),
        ('[column]\ntitle = "Titel"\n', "'column' is none of our fields"),
        ('columns = "Titel"\n', "'columns' is not a table"),
        ("[columns\n", "Expected"),
    ],
)
def test_a_mapping_that_tells_something_else_is_refused(toml: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        mapping_of(toml)


def test_every_field_can_be_told() -> None:
    toml = "[columns]\n" + "".join(f'{field} = "{field} here"\n' for field in sorted(FIELDS))
    columns, _ = mapping_of(toml)
    assert columns == {field: [f"{field} here"] for field in FIELDS}


def test_lang_is_the_language() -> None:
    assert guess_columns(["Id", "Title", "Lang"])["language"] == ["Lang"]
    assert guess_columns(["Title", "Lang", "Language"])["language"] == ["Language"]
