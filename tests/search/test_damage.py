"""Whatever happens to the index, people get a list that says what it is, and search comes back."""

from __future__ import annotations

import json
import shutil
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from academy import create_app
from academy.config import Settings
from academy.preparing import prepare
from courses.search.find import index_folder
from courses.search.store import index
from tests.conftest import close
from tests.making import settings_for
from tests.patience import awaited
from tests.search.indexed import look
from tests.serving import serving

ASKED = "q=water&kind=course"
AWAY = "The index does not answer at the moment. The list is made without it."

Damage = Callable[[Path], None]


def the_one(folder: Path, pattern: str) -> Path:
    """Name the one file of the index in use that fits."""
    [found] = (index.current(folder) or folder).glob(pattern)
    return found


def no_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def no_pointer(folder: Path) -> None:
    (folder / "current").unlink()


def pointer_to_nowhere(folder: Path) -> None:
    (folder / "current").write_text("nowhere", encoding="ascii")


def pointer_to_nowhere_of_ours(folder: Path) -> None:
    (folder / "current").write_text(f"{index.fingerprint()}-nowhere", encoding="ascii")


def pointer_of_zeros(folder: Path) -> None:
    (folder / "current").write_bytes(bytes(21))


def pointer_of_noise(folder: Path) -> None:
    (folder / "current").write_bytes(bytes(range(128, 256)))


def empty_pointer(folder: Path) -> None:
    (folder / "current").write_bytes(b"")


def contents_cut(folder: Path) -> None:
    path = the_one(folder, "_MAIN_*.toc")
    path.write_bytes(path.read_bytes()[:200])


def contents_of_zeros(folder: Path) -> None:
    path = the_one(folder, "_MAIN_*.toc")
    path.write_bytes(bytes(path.stat().st_size))


def no_contents(folder: Path) -> None:
    the_one(folder, "_MAIN_*.toc").unlink()


def no_segment(folder: Path) -> None:
    the_one(folder, "*.pst").unlink()


def segment_cut(folder: Path) -> None:
    path = the_one(folder, "*.pst")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def segment_of_zeros(folder: Path) -> None:
    path = the_one(folder, "*.pst")
    path.write_bytes(bytes(path.stat().st_size))


def empty_segment(folder: Path) -> None:
    the_one(folder, "*.pst").write_bytes(b"")


def no_terms(folder: Path) -> None:
    the_one(folder, "*.trm").unlink()


def no_seal(folder: Path) -> None:
    the_one(folder, "*.seal").unlink()


def seal_cut(folder: Path) -> None:
    path = the_one(folder, "*.seal")
    path.write_bytes(path.read_bytes()[:20])


def turn_one_bit(folder: Path, pattern: str) -> None:
    path = the_one(folder, pattern)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def one_bit_of_a_posting(folder: Path) -> None:
    turn_one_bit(folder, "*.pst")


def one_bit_of_a_term(folder: Path) -> None:
    turn_one_bit(folder, "*.trm")


def one_bit_of_a_key(folder: Path) -> None:
    turn_one_bit(folder, "*.col")


def one_bit_of_the_contents(folder: Path) -> None:
    turn_one_bit(folder, "_MAIN_*.toc")


FATAL: tuple[Damage, ...] = (
    *(no_folder, no_pointer, pointer_to_nowhere, pointer_to_nowhere_of_ours, pointer_of_zeros),
    *(pointer_of_noise, empty_pointer, contents_cut, contents_of_zeros, no_contents),
    *(no_segment, segment_cut, segment_of_zeros, empty_segment, no_terms, no_seal, seal_cut),
    *(one_bit_of_a_posting, one_bit_of_a_term, one_bit_of_a_key, one_bit_of_the_contents),
)


@pytest.fixture
def damaged(demonstration: Flask) -> Iterator[Callable[[Damage], Flask]]:
    """Damage the index of the demonstration and give an academy that has not read it before."""
    settings: Settings = demonstration.config["SETTINGS"]
    made: list[Flask] = []

    def make(damage: Damage) -> Flask:
        damage(index_folder(demonstration))
        made.append(create_app(settings_for(settings.home, development=True)))
        return made[-1]

    yield make
    for app in made:
        close(app)


def listed(app: Flask, query: str) -> dict[str, Any]:
    """Ask the API."""
    answer = app.test_client().get(f"/api/v1/offers?{query}")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.get_json()
    return told


@pytest.mark.parametrize("damage", FATAL, ids=lambda damage: damage.__name__)
def test_without_its_index_the_academy_finds_the_same_and_says_so(
    demonstration: Flask, damaged: Callable[[Damage], Flask], damage: Damage
) -> None:
    whole = listed(demonstration, ASKED)
    app = damaged(damage)
    page = app.test_client().get(f"/en/learn?{ASKED}")
    assert (page.status_code, page.text.count(AWAY)) == (200, 1)
    assert app.test_client().get("/en/").status_code == 200
    told = listed(app, ASKED)
    assert (whole["away"], told["away"]) == (False, True)
    assert (told["total"], told["facets"]) == (whole["total"], whole["facets"])
    assert told["total"] > 0


@pytest.mark.parametrize("damage", FATAL, ids=lambda damage: damage.__name__)
def test_preparing_brings_search_back(
    demonstration: Flask, damaged: Callable[[Damage], Flask], damage: Damage
) -> None:
    whole = listed(demonstration, ASKED)
    app = damaged(damage)
    prepare(app, lambda _line: None)
    page = app.test_client().get(f"/en/learn?{ASKED}")
    assert (page.status_code, page.text.count(AWAY)) == (200, 0)
    assert listed(app, ASKED) == whole
    assert whole["away"] is False
    assert 0 < whole["total"] < listed(app, "kind=course")["total"]


@pytest.mark.parametrize("damage", FATAL[:7], ids=lambda damage: damage.__name__)
def test_who_has_read_the_index_notices_that_the_pointer_is_gone(
    demonstration: Flask, damage: Damage
) -> None:
    folder = index_folder(demonstration)
    assert listed(demonstration, ASKED)["away"] is False
    damage(folder)
    awaited(lambda: listed(demonstration, ASKED)["away"], "nobody notices")


@pytest.mark.slow
@pytest.mark.parametrize("damage", [no_pointer, contents_cut, one_bit_of_a_posting])
def test_the_worker_brings_search_back(demonstration: Flask, damage: Damage) -> None:
    settings: Settings = demonstration.config["SETTINGS"]
    folder = index_folder(demonstration)
    before = index.current(folder)
    damage(folder)
    with serving(settings) as site:

        def back() -> dict[str, Any] | None:
            with urllib.request.urlopen(f"{site.url}/api/v1/offers?{ASKED}") as answer:
                told: dict[str, Any] = json.load(answer)
            return None if told["away"] or index.current(folder) == before else told

        told = awaited(back, "search did not come back")
    with demonstration.app_context():
        assert told["total"] == look(folder, "water", kind="course").total > 0
