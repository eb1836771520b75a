"""Tables in encodings that nobody names: neighbours that share their bytes are told apart."""

from __future__ import annotations

import pytest

from courses.harvesting.adapters import csv
from courses.harvesting.draft import Draft, Feed

KOREAN = "도시 물 관리와 주택 정책 입문 과정"
JAPANESE = "都市の水を管理するための入門コースです"
CHINESE = "城市水资源管理与住房政策入门课程，免费的在线学习"
POLISH = "Zarządzanie wodą w mieście: oszczędzanie i podział środków"
FRENCH = "Gérer l’eau de la cité : un cœur pour les sœurs et 5 m³ à l’œuvre"
SPANISH = "Gestión del agua: ¿qué puede hacer la 1ª ciudad?"


@pytest.mark.parametrize(
    ("title", "codec", "guessed"),
    [
        (KOREAN, "euc_kr", "EUC-KR"),
        (JAPANESE, "euc_jp", "EUC-JP"),
        (CHINESE, "gb18030", "GB 18030"),
        (POLISH, "cp1250", "Windows-1250"),
        (FRENCH, "cp1252", "Windows-1252"),
        (SPANISH, "cp1252", "Windows-1252"),
    ],
)
def test_neighbours_are_told_apart(title: str, codec: str, guessed: str) -> None:
    rows = "".join(f"{n},{title} {n},https://school.example/{n}\n" for n in range(9))
    read = list(csv.read(Feed(f"id,title,link\n{rows}".encode(codec))))
    drafts = [one for one in read if isinstance(one, Draft)]
    assert [one.texts[0].title for one in drafts] == [f"{title} {n}" for n in range(9)]
    [found] = [one for one in drafts[0].findings if one.code == "guessed-encoding"]
    assert found.found == guessed
