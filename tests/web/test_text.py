"""Words from outside made fit: one line, an address, a form to compare, an excerpt."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.text import clean_line, excerpt, fold, fold_phrase, is_web_address, plain_text, slug

UNSEEN = (
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200b\ufeff\u00ad"
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Water \t for\r\n all ", "Water for all"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a&#8238;b", "ab"),
        ("\x00a\x1b[31mb\x7f", "a [31mb"),
        ("half \ud800 a character", "half a character"),
        ("<b>Water</b><br>for <script>alert(1)</script>all", "Water for all"),
        ("Agua &amp; vida &eacute;", "Agua & vida é"),
        ("e\u0301cole", "école"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("\u3000全角\u3000", "全角"),
        ("", ""),
    ],
)
def test_a_line_is_one_line_that_can_be_read(text: str, line: str) -> None:
    assert clean_line(text) == line


@given(st.text(st.one_of(st.characters(), st.sampled_from(UNSEEN))), st.integers(2, 40))
def test_no_line_hides_anything_or_is_too_long(text: str, limit: int) -> None:
    line = clean_line(text, limit=limit)
    assert len(line) <= limit
    kinds = {unicodedata.category(character) for character in line}
    assert kinds.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
    assert set(line).isdisjoint(UNSEEN)
    assert re.search(r"^\s|\s$|\s\s", line) is None


@pytest.mark.parametrize(
    ("title", "address"),
    [
        ("Water for all!", "water-for-all"),
        ("Gestión del agua – año 2026", "gestion-del-agua-ano-2026"),
        ("การวางผังเมือง", "kar-wang-phangmeuxng"),
        ("التخطيط الحضري", "altkhtyt-alhdry"),
        ("可持续城市发展", "ke-chi-xu-cheng-shi-fa-zhan"),
        ("Устойчивый город", "ustojcivyj-gorod"),
        ("Straße & Übung", "strasse-ubung"),
        ("../../etc/passwd", "etc-passwd"),
        ("!!!", "untitled"),
        ("", "untitled"),
        ("💧", "untitled"),
    ],
)
def test_titles_in_every_script_become_addresses(title: str, address: str) -> None:
    assert slug(title) == address


@given(st.text(), st.integers(8, 40))
def test_an_address_needs_no_escaping_and_is_its_own_address(title: str, limit: int) -> None:
    address = slug(title, limit=limit)
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", address)
    assert len(address) <= limit
    assert slug(address, limit=limit) == address


def test_a_long_address_ends_with_a_whole_word() -> None:
    assert slug("participatory budgeting in the city", limit=20) == "participatory"
    assert slug("participatory budgeting in the city", limit=23) == "participatory-budgeting"
    assert slug("x" * 100, limit=20) == "x" * 20


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CIUDAD", "ciudad"),
        ("participación", "PARTICIPACION"),
        ("Straße", "strasse"),
        ("İstanbul", "ISTANBUL"),
        ("أحمد", "احمد"),
        ("e\u0301cole", "école"),
        ("Œuvre", "oeuvre"),
    ],
)
def test_what_readers_write_alike_is_folded_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_vowel_signs_that_readers_do_not_leave_out_stay() -> None:
    assert fold("เมือง") == "เมือง"
    assert fold("हिन्दी") == "हिन्दी"


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_phrase_is_compared_without_its_hyphens() -> None:
    assert fold_phrase(" Self_Paced -  Course ") == "self paced course"


@given(st.text(), st.integers(2, 30))
def test_an_excerpt_is_never_longer_than_asked(text: str, limit: int) -> None:
    short = excerpt(text, limit)
    assert len(short) <= limit
    assert short == text or short.endswith("…")


def test_an_excerpt_ends_at_a_space() -> None:
    assert excerpt("one two three four", 12) == "one two…"


def test_plain_text_keeps_words_apart_where_blocks_end() -> None:
    markup = "<ul><li>One</li><li>Two</li></ul><p>Three<br>four &lt;five&gt;</p>"
    assert plain_text(markup) == "One Two Three four <five>"


@pytest.mark.parametrize(
    "address",
    [
        *("https://example.org", "http://example.org:8080/a/b?c=d&e=%20#f", "https://1.example/@a"),
        *("HTTPS://Example.ORG/A", "Http://example.org"),
        *("https://exämple.org/ciudad/ñ", "https://example.org/ไทย?q=บ้าน", "http://[2001:db8::1]/"),
    ],
)
def test_an_address_of_the_web_is_one(address: str) -> None:
    assert is_web_address(address)


@pytest.mark.parametrize(
    "address",
    [
        *("", "example.org", "//example.org", "https://", "https:///path", "https:example.org"),
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<b>", "vbscript:x"),
        *("ftp://example.org", "file:///etc/passwd", "mailto:a@example.org", "java\tscript:x"),
        *("https://bank.example@evil.example/", "https://a:b@evil.example", "https://a\\@b/"),
        *("https://exa mple.org", "https://example.org/a b", "https://example.org\\@evil.example"),
        *("https://example.org/\r\nSet-Cookie: a=b", "https://example.org/\x00", "\x01https://a"),
        *('https://example.org/"onclick="x', "https://example.org/<script>", "https://'/"),
        *("https://example.org/\u202egpj.exe", "https://exam\u200bple.org/", " https://a.example"),
        *("https://[", "https://a.example:many/", "https://a.example:99999/", "https://e\u2100.x/"),
        "https://" + "a" * 64 + ".example/",
    ],
)
def test_what_hides_something_is_no_address(address: str) -> None:
    assert not is_web_address(address)
