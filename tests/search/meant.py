"""An encoder small enough to be read, and an academy that searches by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from flask import Flask
from sqlalchemy import func, select

from academy.db import db
from courses.search.engine import Found
from courses.search.find import find
from courses.search.meaning.applying import Meaning
from courses.search.meaning.encoders import (
    Encoder,
    Vectors,
)
from courses.search.meaning.encoding import (
    encode_some,
)
from courses.search.meaning.vectors import OfferMeaning, OfferVector
from courses.search.params import SearchParams
from tests.making import NOW

SUBJECTS = (
    {"housing", "homes", "vivienda", "shelter"},
    {"poetry", "poemas", "verses"},
    {"transport", "buses", "movilidad"},
)
"""What the encoder of these tests knows: words of one subject mean the same."""


class Tiny:
    """An encoder that counts words by subject, and remembers how many texts it was given."""

    model, dimension = "tiny 1", 64
    languages, scripts = frozenset(("en", "es")), frozenset(("LATIN",))

    def __init__(self) -> None:
        self.given: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.given += texts
        found = np.full((len(texts), self.dimension), -0.01, np.float32)
        for row, text in zip(found, texts, strict=True):
            words = text.lower().replace(".", "").split()
            for at, subject in enumerate(SUBJECTS):
                row[at * 8 : at * 8 + 8] += sum(word in subject for word in words)
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return found


class Broken(Tiny):
    """An encoder that fails."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        raise RuntimeError("no more memory")


def meant(app: Flask, encoder: Encoder) -> Meaning:
    """Let an academy search by meaning with an encoder."""
    while encode_some(encoder):
        pass
    meaning = app.extensions["meaning"] = Meaning(encoder)
    meaning.wake()
    return meaning


def ask(q: str, **more: object) -> Found:
    return find(replace(SearchParams(q), **more), now=NOW)  # type: ignore[arg-type]


def number_of(table: type[OfferMeaning] | type[OfferVector]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0
