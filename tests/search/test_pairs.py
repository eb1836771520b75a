"""Words find their other forms, in every language that must work."""

from __future__ import annotations

import pytest

from courses.search.analyzers import alternatives, tokens, words

PAIRS = [
    ("en", "city", "Cities"),
    ("en", "Nanjing", "A street in Nanjing"),
    ("es", "ciudad", "ciudades"),
    ("es", "ciudades", "la ciudad"),
    ("es", "vivienda", "viviendas"),
    ("es", "participacion", "participación"),
    ("fr", "ville", "villes"),
    ("fr", "egalite", "égalité"),
    ("fr", "eau", "Les eaux usées"),
    ("fr", "eau", "Gouvernance de l’eau"),
    ("pt", "cidade", "cidades"),
    ("pt", "gestão", "gestões"),
    ("pt", "habitacao", "habitação"),
    ("ru", "город", "городов"),
    ("th", "เมือง", "การวางผังเมือง"),
    ("zh", "城市", "可持续城市发展"),
    ("km", "ទីក្រុង", "ការអភិវឌ្ឍទីក្រុង"),
    ("lo", "ເມືອງ", "ການວາງແຜນຕົວເມືອງ"),
    ("my", "မြို့", "မြို့ပြစီမံကိန်း"),
    ("ja", "都市", "持続可能な都市計画"),
    ("ko", "도시", "지속가능한 도시개발"),
    ("hi", "शहरी", "शहरी विकास"),
    ("tr", "şehir", "şehirler"),
    ("ar", "التخطيط", "تخطيط"),
    ("ar", "مدينة", "المدن والطرق"),
    ("ar", "المدن", "تخطيط المدينة"),
    ("ar", "مدينة", "الحياة والمدينة"),
    ("ar", "أطفال", "للطفل حقوق"),
]


def finds(query: str, text: str, language: str) -> bool:
    held = set(tokens(text, language))
    return all(any(held.issuperset(way) for way in alternatives(word)) for word in words(query))


@pytest.mark.parametrize(("language", "query", "text"), PAIRS)
def test_a_word_finds_its_other_forms(language: str, query: str, text: str) -> None:
    assert finds(query, text, language)


@pytest.mark.parametrize(("language", "query", "text"), PAIRS)
def test_a_word_does_not_find_a_text_about_something_else(
    language: str, query: str, text: str
) -> None:
    other = {"zh": "公共交通政策", "ja": "公共交通政策", "th": "พลังงานหมุนเวียน"}.get(
        language, "bus timetable"
    )
    assert not finds(query, other, language)
