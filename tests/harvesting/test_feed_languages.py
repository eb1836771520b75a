"""Languages as partners write them, and the guess where nobody does."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.harvesting.reading.guessing import CANDIDATES, guessed_language
from courses.harvesting.reading.languages import language
from courses.vocabularies.files import DATA

OURS = tuple(tomllib.loads((DATA / "languages.toml").read_text(encoding="utf-8"))["names"])


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *[("en", "en"), ("EN", "en"), (" fr ", "fr"), ("eng", "en"), ("fra", "fr"), ("fre", "fr")],
        *[
            ("pt_BR", "pt-BR"),
            ("pt-br", "pt-BR"),
            ("zh-hans-cn", "zh-Hans-CN"),
            ("es-419", "es-419"),
        ],
        *[("iw", "he"), ("in", "id"), ("tl", "fil"), ("no", "nb"), ("cmn", "zh"), ("arb", "ar")],
        *[("ga", "ga"), ("yi", "yi"), ("en-x-ours", "en"), ("zh-Hant", "zh-Hant")],
        *[("English", "en"), ("english", "en"), ("English (US)", "en"), ("Anglais", "en")],
        *[("inglés", "en"), ("Deutsch", "de"), ("Français", "fr"), ("FRANCAIS", "fr")],
        *[("Español", "es"), ("Castilian", "es"), ("Spanish (Latin America)", "es")],
        *[("Chinese (Simplified)", "zh-Hans"), ("Chinese (Traditional)", "zh-Hant")],
        *[("Chinese (China)", "zh-Hans"), ("Simplified Chinese", "zh-Hans"), ("Mandarin", "zh")],
        *[("Portuguese (Brazilian)", "pt-BR"), ("Brazilian Portuguese", "pt-BR")],
        *[("中文", "zh"), ("русский", "ru"), ("العربية", "ar"), ("日本語", "ja"), ("한국어", "ko")],
        *[("ไทย", "th"), ("हिन्दी", "hi"), ("Kiswahili", "sw"), ("Bahasa Indonesia", "id")],
        *[("zh_CN", "zh-CN"), ("sr-Latn", "sr-Latn"), ("Español (México)", "es"), ("ger", "de")],
        *[
            ("inglese", "en"),
            ("Englisch", "en"),
            ("английский", "en"),
            ("英语", "en"),
            ("英文", "en"),
        ],
        *[("en_US.UTF-8", "en-US"), ("ca_ES@euro", "ca-ES"), ("English language", "en")],
        *[("English, US", "en"), ("English - United Kingdom", "en"), ("Français, Canada", "fr")],
        *[("Español, México", "es"), ("Castellano (España)", "es"), ("Chinese, Mandarin", "zh")],
        *[("Chinese - Mandarin", "zh"), ("简体中文", "zh-Hans"), ("繁體中文", "zh-Hant")],
        *[("Norsk", "nb"), ("Bokmål", "nb"), ("Nynorsk", "nn"), ("Serbian (Latin)", "sr-Latn")],
        *[("Farsi", "fa"), ("Persian", "fa"), ("Filipino", "fil"), ("Serbo-Croatian", "sr-Latn")],
    ],
)
def test_a_language_is_read(written: str, code: str) -> None:
    assert language(written) == code


@pytest.mark.parametrize(
    "written",
    [
        *("", " ", "-", "n/a", "none", "all", "other", "online", "not-mentioned", "nonsense"),
        *(
            "xx",
            "mis",
            "multilingual",
            "English, and more",
            "en.",
            "France",
            "fr, en",
            "español, inglés",
        ),
        *("mul", "und", "zxx", "root", "x-klingon", "English, Spanish", "English/French"),
        *("e" * 5_000, "en-" * 1_000, "\x00", "<b>en</b>"),
    ],
)
def test_what_is_no_language_is_none(written: str) -> None:
    assert language(written) is None


def test_our_own_codes_and_names_are_read_as_themselves() -> None:
    names = tomllib.loads((DATA / "languages.toml").read_text(encoding="utf-8"))["names"]
    assert {code: language(code) for code in OURS} == {code: code for code in OURS}
    # Two languages may share a name for themselves, as North and South Ndebele do.
    assert [names[language(name) or ""] for name in names.values()] == list(names.values())


@given(text=st.text(max_size=100))
@settings(max_examples=300, deadline=None, database=None)
def test_any_text_is_a_short_code_or_none(text: str) -> None:
    code = language(text)
    assert code is None or (1 < len(code) <= 35 and language(code) == code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Gestão de resíduos sólidos urbanos", "pt"),
        ("GESTÃO DE RESÍDUOS SÓLIDOS URBANOS", "pt"),
        ("La gestion de l'eau dans les villes", "fr"),
        ("Introducción a la planificación urbana", "es"),
        ("How to plan safe streets with your neighbours", "en"),
        ("管理学", "zh"),
        ("Городское планирование", "ru"),
        ("การวางผังเมือง", "th"),
        ("إدارة المياه في المدن", "ar"),
    ],
)
def test_a_plain_text_is_guessed(text: str, code: str) -> None:
    assert guessed_language(text) == code


@pytest.mark.parametrize("text", ["", "C#", "2026", "… ???", "IPO", "Tosca"])
def test_a_short_or_unclear_text_is_not_guessed(text: str) -> None:
    assert guessed_language(text) is None


def test_every_guess_is_a_language_we_have() -> None:
    assert {code: language(code) for code in CANDIDATES if language(code) not in OURS} == {}
