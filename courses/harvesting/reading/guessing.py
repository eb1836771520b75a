"""Guessing a missing language: only when nobody said it, and always marked as a guess."""

from __future__ import annotations

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from courses.harvesting.reading.languages import language

# fmt: off
CANDIDATES = (
    "am", "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr",
    "gl", "he", "hi", "hr", "hu", "hy", "id", "it", "ja", "ka", "kk", "km", "ko", "lo", "lt",
    "lv", "ms", "ne", "nl", "no", "pa", "pl", "pt", "ro", "ru", "si", "sk", "sl", "sq", "sr",
    "sv", "sw", "ta", "te", "th", "tl", "tr", "uk", "ur", "vi", "xh", "zh", "zu",
)
# fmt: on
SHORTEST = 6
"""Bytes of letters: one Chinese character says as much as three Latin letters."""
LEAST_PROBABLE = 0.5
"""Below this nothing is guessed. Of real titles above it, 95 in 100 agree with what was declared,
and most of the others are English titles of talks held in another language; below it, 54."""


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted(set(CANDIDATES) & set(identifier.labels)))
    return identifier


def guessed_language(text: str) -> str | None:
    """Guess the language of a title and its description; None when it is too short or unclear."""
    text = text[:2_000]
    if len("".join(filter(str.isalpha, text)).encode()) < SHORTEST:
        return None
    # Titles With Capitals mislead the guess: they look like names, or like German.
    code, probability = _identifier().classify(text.lower())
    return language(str(code)) if probability >= LEAST_PROBABLE else None
