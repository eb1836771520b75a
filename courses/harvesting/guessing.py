"""Guessing a missing language: only when nobody said it, and always marked as a guess."""

from __future__ import annotations

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# fmt: off
CANDIDATES = (
    "am", "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr",
    "gl", "he", "hi", "hr", "hu", "hy", "id", "it", "ja", "ka", "kk", "km", "ko", "lo", "lt",
    "lv", "ms", "ne", "nl", "no", "pa", "pl", "pt", "ro", "ru", "si", "sk", "sl", "sq", "sr",
    "sv", "sw", "ta", "te", "th", "tl", "tr", "uk", "ur", "vi", "xh", "zh", "zu",
)
# fmt: on
SHORTEST = 8


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted(set(CANDIDATES) & set(identifier.labels)))
    return identifier


def guessed_language(text: str) -> str | None:
    """Guess the language of a title and its description; None when there is too little text."""
    letters = sum(char.isalpha() for char in text)
    if letters < SHORTEST:
        return None
    code, _probability = _identifier().classify(text[:2_000])
    return str(code)
