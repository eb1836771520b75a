"""From bytes to columns: every encoding and delimiter in which tables really come."""

from __future__ import annotations

import codecs

import pytest

from courses.harvesting.adapters import csv
from courses.harvesting.draft import Feed, NotAFeed
from courses.harvesting.reading.decoding import decode, delimiter_of
from tests.harvesting.harvested import drafts, table

FRENCH = (
    "Titre;Lien\n"
    "Gérer les déchets créés en ville;https://ecole.example/dechets\n"
    "Assemblée née d'une idée: «œuvrer» à 20 €;https://ecole.example/idee\n"
)
CHINESE = "课程名称,课程链接\n城市规划与住房,https://school.example/1\n公共交通管理,https://school.example/2\n"
RUSSIAN = "Название;Ссылка\nГородское планирование;https://school.example/1\n"
SPANISH = "Título;Enlace\n¿Quién gestiona el año hídrico?;https://escuela.example/agua\n"


@pytest.mark.parametrize("text", [FRENCH, CHINESE, RUSSIAN, SPANISH])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_in_every_language(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_big_endian_utf_16_is_read_by_its_mark() -> None:
    assert decode(codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be")) == CHINESE


@pytest.mark.parametrize("text", [FRENCH, SPANISH])
def test_western_text_is_windows_1252(text: str) -> None:
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
def test_chinese_text_is_gb_18030(encoding: str) -> None:
    assert decode(CHINESE.encode(encoding)) == CHINESE


def test_french_that_is_valid_chinese_in_places_stays_french() -> None:
    text = "titre,lien\nidée créée,https://ecole.example/1\n"
    content = text.encode("cp1252")
    assert content.decode("gb18030") != text
    assert decode(content) == text


def test_one_accent_at_the_end_of_a_long_file_is_enough() -> None:
    text = "title,link\n" + "Water,https://school.example/1\n" * 5_000 + "Health,Santé\n"
    assert decode(text.encode("cp1252")) == text


def test_a_wrong_byte_in_utf_8_costs_one_character() -> None:
    content = (FRENCH * 5).encode().replace(b"20 ", b"20\xa0", 1)
    assert decode(content) == (FRENCH * 5).replace("20 ", "20\ufffd", 1)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        # Words of even length are valid in GB 18030 too.
        ("вода;дома\nвода;дома\n", "cp1251"),
        ("العنوان;الرابط\nإدارة المياه;x\n", "cp1256"),
    ],
)
def test_letters_of_another_code_page_are_refused_rather_than_garbled(
    text: str, encoding: str
) -> None:
    with pytest.raises(NotAFeed) as refused:
        decode(text.encode(encoding))
    assert refused.value.code == "unknown-encoding"


def test_utf_8_cut_inside_a_character_breaks_off() -> None:
    with pytest.raises(NotAFeed) as refused:
        decode(FRENCH.encode()[: FRENCH.encode().rindex("€".encode()) + 2])
    assert (refused.value.code, refused.value.details) == ("breaks-off", {"line": "3"})


def test_a_mark_that_promises_too_much_is_named() -> None:
    with pytest.raises(NotAFeed) as refused:
        decode(codecs.BOM_UTF8 + FRENCH.encode("cp1252"))
    assert (refused.value.code, refused.value.details) == (
        "bad-encoding",
        {"encoding": "utf-8-sig"},
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_with_quotes_and_line_breaks_in_cells(delimiter: str) -> None:
    title = f'Water{delimiter} "clean"\nand safe'
    rows = {"title": title, "url": "https://school.example/1"}, {"title": "Heat", "url": "x"}
    content = table(*rows, delimiter=delimiter)
    assert delimiter_of(decode(content)) == (delimiter, 0)
    found = drafts(list(csv.read(Feed(content))))
    assert [draft.texts[0].title for draft in found] == [title, "Heat"]
    assert [draft.line for draft in found] == [2, 4]


def test_the_delimiter_is_looked_for_outside_of_quotes() -> None:
    assert delimiter_of('"Title, long, longer, longest";Link\na;b\n') == (";", 0)


def test_a_spreadsheet_may_say_its_delimiter_first() -> None:
    content = b"sep=;\r\nTitle;Link, if any;Cost\r\nWater;https://school.example/1;Free\r\n"
    feed = Feed(content)
    assert csv.headers(feed) == ["Title", "Link, if any", "Cost"]
    [draft] = drafts(list(csv.read(feed)))
    assert (draft.line, draft.texts[0].title) == (3, "Water")


def test_line_ends_of_every_kind() -> None:
    for newline in ("\n", "\r\n", "\r"):
        content = newline.join(("", "Title,Link", "", "Water,x", "Heat,y", "", "")).encode()
        found = drafts(list(csv.read(Feed(content))))
        assert [(draft.line, draft.texts[0].title) for draft in found] == [
            (4, "Water"),
            (5, "Heat"),
        ]
