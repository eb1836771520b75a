"""What the files of the vocabularies say: entries, each after the one it is narrower than."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from academy.i18n import Texts, region_name
from courses.vocabularies.models import Vocabulary

DATA = Path(__file__).resolve().parent.parent / "data"
FILES = {
    Vocabulary.ISSUE: "issues.toml",
    Vocabulary.METHODOLOGY: "methodologies.toml",
    Vocabulary.LANGUAGE: "languages.toml",
    Vocabulary.SECTION: "sections.toml",
    Vocabulary.SDG: "sdg.toml",
    Vocabulary.REGION: "regions.toml",
    Vocabulary.AUDIENCE: "audiences.toml",
}
WORDS_IN = ("en", "fr", "es", "pt", "ar", "ru", "zh", "tr", "th", "id", "hi", "sw", "de", "it")
"""The languages in which the search knows the words of vocabularies."""

Entry = dict[str, Any]


def entries(vocabulary: Vocabulary) -> Iterator[Entry]:
    """Give what the file of a vocabulary says, in the order of the vocabulary."""
    content = _load(vocabulary)
    if vocabulary is Vocabulary.LANGUAGE:
        return _languages(content)
    if vocabulary is Vocabulary.SDG:
        return _goals(content)
    if vocabulary is Vocabulary.REGION:
        return _regions(content)
    return iter(content["terms"])


@cache
def regions_below() -> Mapping[str, tuple[str, ...]]:
    """Give every region of the world with the regions or countries directly below it."""
    tree = _load(Vocabulary.REGION)["regions"]
    return {region: tuple(below.split()) for region, below in tree.items()}


@cache
def region_above() -> Mapping[str, str]:
    """Give every country and region with the region directly above, if there is one."""
    return {code: region for region, below in regions_below().items() for code in below}


def _load(vocabulary: Vocabulary) -> Entry:
    return tomllib.loads((DATA / FILES[vocabulary]).read_text(encoding="utf-8"))


def _languages(content: Entry) -> Iterator[Entry]:
    for code, name in content["names"].items():
        yield {"code": code, "labels": {code: name}}


def _goals(content: Entry) -> Iterator[Entry]:
    targets: dict[str, Texts] = content["targets"]
    for goal, labels in content["goals"].items():
        yield {"code": goal, "labels": labels} | _called(goal, content["goal_patterns"])
        for code, short in targets.items():
            if code.partition(".")[0] == goal:
                called = _called(code, content["target_patterns"])
                yield {"code": code, "labels": short, "broader": goal} | called


def _called(code: str, patterns: Mapping[str, list[str]]) -> Entry:
    return {
        "alternatives": {
            language: [pattern.format(code=code) for pattern in given]
            for language, given in patterns.items()
        }
    }


def _regions(content: Entry) -> Iterator[Entry]:
    above, below = region_above(), regions_below()

    def walk(code: str) -> Iterator[Entry]:
        yield {
            "code": code,
            "labels": {language: region_name(code, language) for language in WORDS_IN},
            "alternatives": content["alternatives"].get(code, {}),
            "broader": above.get(code),
        }
        for narrower in below.get(code, ()):
            yield from walk(narrower)

    for code in below:
        if code not in above:
            yield from walk(code)
