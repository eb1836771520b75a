"""What partners' texts may bring along, from the feed to the page: mended, neutralised, bounded."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.text import clean_line
from courses.harvesting.reading.mojibake import mended
from tests.harvesting.harvested import counts, harvest, lines, noted, offer, record
from tests.visiting import Visitor


def misread(text: str, times: int = 1) -> str:
    """Read UTF-8 as Windows-1252, as programs do that know no better."""
    for _time in range(times):
        text = "".join(
            chr(byte) if byte in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else bytes([byte]).decode("cp1252")
            for byte in text.encode()
        )
    return text


MEANT = [
    *("Café", "L’eau — “ok”", "voilà la ville", "2 °C", "Straße", "CAFÉ ŒUVRE", "Łódź", "😀 ok"),
    *("Привет, мир", "مرحبا", "日本語", "ไทย", "हिन्दी", "Ελλάδα", "עברית", "Ciudad año ñandú"),
]
RIGHT = [
    *(
        "AMANHÃ…",
        "„Spaß“",
        "«CAFÉ»",
        "CAFÉ…",
        "MAÇÃ”",
        "É…",
        "“été’”",
        "ÄÖÜ",
        "“3×”",
        "São “Paulo”",
    ),
    *("ROMÂ…", "ÎLE", "日本語", "Привет…", "à “Paris”", "Å…", "Ã", "2×²", "plain"),
]


@pytest.mark.parametrize("text", MEANT)
@pytest.mark.parametrize("times", [1, 2])
def test_a_text_that_was_misread_once_or_twice_is_mended(text: str, times: int) -> None:
    assert mended(misread(text, times)) == text
    assert mended(f"{misread('é', times)} {misread(text, times)}") == f"é {text}"


@pytest.mark.parametrize("text", [*RIGHT, *MEANT])
def test_a_text_that_was_read_rightly_is_left_alone(text: str) -> None:
    assert mended(text) == text


@given(text=st.text(max_size=80))
@settings(max_examples=300, deadline=None, database=None)
def test_any_text_can_be_looked_at(text: str) -> None:
    assert len(mended(text)) <= len(text)


@pytest.mark.usefixtures("app")
class TestFromTheFeed:
    """What arrives in the database, and what is told of it."""

    def test_misread_texts_are_mended_and_told_of(self) -> None:
        told = {
            "title": misread("L’eau à Genève"),
            "description": misread("<p>Déjà vu : l’été</p>", 2),
            "provider": misread("École"),
            "subjects": [misread("Économie")],
        }
        outcome = harvest(lines(record("water", **told)))
        [text] = offer().texts
        assert (text.title, text.description) == ("L’eau à Genève", "<p>Déjà vu : l’été</p>")
        assert offer().provider == "École"
        assert "Économie" in outcome.report.unmapped
        assert noted(outcome) == [
            (1, name, "mended-encoding", "repaired")
            for name in ("title", "description", "provider", "subjects")
        ]
        assert counts(harvest(lines(record("water", **told))).report) == (1, 0, 0, 1, 0)

    @pytest.mark.parametrize(
        ("sent", "title"),
        [
            ("Water\u202e rof lla", "Water rof lla"),
            ("Wa\u2066ter\u2069 \x00for\x07 all", "Water for all"),
            ("e\u0301cole", "école"),
            ("می\u200cخواهم", "می\u200cخواهم"),
            ("שלום C++\u200f!", "שלום C++\u200f!"),
            ("Water\u200f for all", "Water for all"),
            ("क्\u200dष", "क्\u200dष"),
            ("Family 👨\u200d👩\u200d👧", "Family 👨\u200d👩\u200d👧"),
            ("Water\U000e0041\U000e0042\ufff9", "Water"),
        ],
    )
    def test_what_turns_or_hides_goes_and_what_joins_stays(self, sent: str, title: str) -> None:
        harvest(lines(record("water", title=sent)))
        assert offer().texts[0].title == title

    @pytest.mark.parametrize(
        ("sent", "kept"),
        [
            ("Wa\u202eter", "<p>Water</p>"),
            ("<p>Wa&#8238;ter &#x202E;&#x2066;all</p>", "<p>Water all</p>"),
            ("<p>שלום\u200f C++\u200e</p>", "<p>שלום\u200f C++\u200e</p>"),
            ("<p>می\u200cخواهم</p>", "<p>می\u200cخواهم</p>"),
            ('<a href="data:text/html,x">a</a>', '<p><a rel="noopener nofollow ugc">a</a></p>'),
            ('<a href="jAvA\tscript:x()">a</a>', '<p><a rel="noopener nofollow ugc">a</a></p>'),
            ('<a href="&#106;avascript:x()">a</a>', '<p><a rel="noopener nofollow ugc">a</a></p>'),
        ],
    )
    def test_a_description_is_clean_however_it_was_written(self, sent: str, kept: str) -> None:
        harvest(lines(record("water", description=sent)))
        assert offer().texts[0].description.replace("<p><a", "<a").replace(
            "</a></p>", "</a>"
        ) == kept.replace("<p><a", "<a").replace("</a></p>", "</a>")

    @pytest.mark.parametrize(
        ("more", "name"),
        [
            ({"description": "wide " * 400_000}, "description"),
            ({"title": "wide " * 10_000}, "title"),
            ({"provider": "p" * 100_000}, "provider"),
            ({"subjects": [f"word {n}" for n in range(5_000)]}, "subjects"),
        ],
    )
    def test_what_nobody_reads_is_shortened_and_told_of(
        self, more: dict[str, Any], name: str
    ) -> None:
        began = process_time()
        outcome = harvest(lines(record("water", **more)))
        assert (1, name, "shortened", "repaired") in noted(outcome)
        assert process_time() - began < 10
        assert len(offer().texts[0].description) <= 50_100
        assert counts(harvest(lines(record("water", **more))).report) == (1, 0, 0, 1, 0)

    def test_a_picture_that_is_written_out_hides_no_words(self) -> None:
        picture = f'<img src="data:image/png;base64,{"A" * 2_000_000}">'
        outcome = harvest(lines(record("water", description=f"{picture}<p>All about water.</p>")))
        assert offer().texts[0].description == "<p>All about water.</p>"
        assert noted(outcome) == []

    @pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "//bad.example"])
    def test_a_recording_that_is_no_web_address_is_left_out(self, link: str) -> None:
        hour = {"starts": "2026-03-01T10:00Z", "ends": "2026-03-01T11:00Z", "recording": link}
        harvest(lines(record("water", runs=[{"starts": "2026-03-01", "meetings": [hour]}])))
        assert offer().runs[0].meetings[0].recording == ""


def test_the_page_shows_the_words_and_nothing_else(app: Flask) -> None:
    nasty = (
        "<p onclick=x()>Wa&#8238;ter</p><script>alert(1)</script>"
        '<a href="javascript:alert(2)">more</a><img src=x onerror=alert(3)>'
    )
    told = {"title": f"{misread('L’été')} <img src=x onerror=alert(4)>\u202e", "description": nasty}
    harvest(lines(record("water", **told)))
    page = Visitor(app).page(f"/en/learn/{offer().slug}")
    assert "L’été" in page
    for hostile in ("alert(", "onclick", "onerror", "\u202e", "javascript:"):
        assert hostile not in page, hostile


def test_a_guessed_language_is_shown_as_a_guess(app: Flask) -> None:
    spanish = {"title": "Gestión del agua", "description": "Cómo se gestiona el agua en la ciudad."}
    harvest(lines(record("water", language=None, **spanish)))
    assert "The language was guessed from the text." in Visitor(app).page(
        f"/en/learn/{offer().slug}"
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("שלום C++\u200f!", "שלום C++\u200f!"),
        ("\u202eשלום\u2067", "שלום"),
        ("C++\u200f!", "C++!"),
    ],
)
def test_a_line_from_right_to_left_keeps_its_marks(text: str, line: str) -> None:
    assert clean_line(text) == line
