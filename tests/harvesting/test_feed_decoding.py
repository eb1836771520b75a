"""From bytes to columns: every encoding and delimiter in which tables really come."""

from __future__ import annotations

import codecs

import pytest

from courses.harvesting.adapters import csv
from courses.harvesting.draft import Draft, Feed, NotAFeed
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
    assert decode(text.encode(encoding)).text == text


def test_big_endian_utf_16_is_read_by_its_mark() -> None:
    assert decode(codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be")).text == CHINESE


@pytest.mark.parametrize("text", [FRENCH, SPANISH])
def test_western_text_is_windows_1252(text: str) -> None:
    assert decode(text.encode("cp1252")).text == text


@pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
def test_chinese_text_is_gb_18030(encoding: str) -> None:
    assert decode(CHINESE.encode(encoding)).text == CHINESE


def test_french_that_is_valid_chinese_in_places_stays_french() -> None:
    text = "titre,lien\nidée créée,https://ecole.example/1\n"
    content = text.encode("cp1252")
    assert content.decode("gb18030") != text
    assert decode(content).text == text


def test_one_accent_at_the_end_of_a_long_file_is_enough() -> None:
    text = "title,link\n" + "Water,https://school.example/1\n" * 5_000 + "Health,Santé\n"
    assert decode(text.encode("cp1252")).text == text


def test_a_wrong_byte_in_utf_8_costs_one_character() -> None:
    content = (FRENCH * 5).encode().replace(b"20 ", b"20\xa0", 1)
    assert decode(content).text == (FRENCH * 5).replace("20 ", "20\ufffd", 1)


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
    assert delimiter_of(decode(content).text) == (delimiter, 0)
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


@pytest.mark.parametrize(
    ("title", "charset"),
    [
        *(
            ("V\u00e1rostervez\u00e9s kezd\u0151knek", one)
            for one in ("windows-1250", "ISO-8859-2")
        ),
        *(("Ye\u015fil alanlar", one) for one in ("cp1254", "iso-8859-9", "latin5")),
        *(
            ("\u0412\u043e\u0434\u0430", one)
            for one in ("windows-1251", "KOI8-R", "x-mac-cyrillic")
        ),
        *(("\ub3c4\uc2dc \uacc4\ud68d", one) for one in ("euc-kr", "ks_c_5601-1987")),
        *(
            ("\u90fd\u5e02\u8a08\u753b", one)
            for one in ("shift_jis", "Windows-31J", "euc-jp", "iso-2022-jp")
        ),
        *(
            ("\u57ce\u5e02\u89c4\u5212", one)
            for one in ("gb2312", "big5-hkscs", "utf-16le", "utf-16be")
        ),
        *(("\u0e40\u0e21\u0e37\u0e2d\u0e07", one) for one in ("tis-620", "windows-874")),
        *(("\u00c9tudes urbaines", one) for one in ("macintosh", "ISO-8859-1", "utf-8")),
    ],
)
def test_what_is_said_of_the_encoding_is_known_and_needs_no_guess(title: str, charset: str) -> None:
    known = {"x-mac-cyrillic": "mac-cyrillic", "windows-874": "cp874", "macintosh": "mac-roman"}
    codec = known.get(charset.lower(), charset).replace("Windows-31J", "cp932")
    title = title.replace("\u89c4\u5212", "") if charset == "big5-hkscs" else title
    content = f"id,title,link\n1,{title},https://school.example/1\n".encode(codec)
    [draft] = drafts(list(csv.read(Feed(content, charset=charset))))
    assert (draft.texts[0].title, codes_of(draft)) == (title, [])


def codes_of(draft: Draft) -> list[str]:
    return [found.code for found in draft.findings]


@pytest.mark.parametrize(
    ("codec", "guessed"), [("cp1250", "Windows-1252"), ("gb18030", "GB 18030")]
)
def test_an_encoding_that_was_guessed_is_noted_once(codec: str, guessed: str) -> None:
    title = (
        "\u57ce\u5e02\u89c4\u5212\u4e0e\u4f4f\u623f"
        if codec == "gb18030"
        else "V\u00e1rostervez\u00e9s"
    )
    content = f"id,title\n1,{title}\n2,{title}\n".encode(codec)
    first, second = drafts(list(csv.read(Feed(content))))
    assert (first.texts[0].title, codes_of(first), first.findings[0].found) == (
        title,
        ["guessed-encoding"],
        guessed,
    )
    assert codes_of(second) == []


def test_what_is_utf_8_is_that_whatever_its_answer_says() -> None:
    for charset in ("windows-1251", "iso-8859-1", "utf-16", "shift_jis", "nonsense", ""):
        assert decode(FRENCH.encode(), charset) == (FRENCH, "")


def test_an_encoding_that_does_not_fit_is_not_believed() -> None:
    for charset in ("utf-8", "euc-jp", "utf-16", "us-ascii", "punycode"):
        assert decode(SPANISH.encode("cp1252"), charset) == (SPANISH, "Windows-1252")


def test_what_a_file_says_of_itself_stands_above_the_latin_1_of_a_server() -> None:
    assert decode(RUSSIAN.encode("cp1251"), "iso-8859-1", "windows-1251") == (RUSSIAN, "")


def test_a_wrong_sign_in_an_encoding_that_is_said_costs_one_character() -> None:
    content = CHINESE.encode("gbk") + b"\xff\n"
    assert decode(content, "gb2312") == (CHINESE + "\ufffd\n", "")


def test_windows_1252_that_is_said_outright_is_believed() -> None:
    assert decode(RUSSIAN.encode("cp1251"), "windows-1252", "windows-1251") == (
        RUSSIAN.encode("cp1251").decode("cp1252"),
        "",
    )
