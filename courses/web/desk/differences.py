"""What differs between two versions of an offer, word by word where it is a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

from courses.editing.fields import Changes, Value, changes_between
from courses.vocabularies.queries import Vocabularies
from courses.web.desk import labels

MOST_WORDS = 1_200
"""Words that are compared one by one: the time for it grows with their square."""

_WORD = re.compile(r"\S+\s*")


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], vocabulary: Vocabularies
) -> list[dict[str, Any]]:
    """List the fields that differ, as people read them."""
    names = labels.Names((*before, *after))
    changes: Changes = changes_between(before, after)
    return [line(names.of(path), path, change, vocabulary) for path, change in changes.items()]


def told_changes(changes: Changes, vocabulary: Vocabularies) -> list[dict[str, Any]]:
    """List changes that were kept in the history."""
    names = labels.Names(changes)
    return [line(names.of(path), path, change, vocabulary) for path, change in changes.items()]


def line(
    label: str, path: str, change: list[Value | None], vocabulary: Vocabularies
) -> dict[str, Any]:
    """Say how one field differs: before, after, and the words that went and came."""
    before, after = (labels.told(path, value, vocabulary) for value in change)
    return {"label": label, "before": before, "after": after, "words": words(before, after)}


def words(before: str, after: str) -> list[dict[str, str]] | None:
    """Tell which words went and which came; None where one side is empty, or both are too long."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if not old or not new or len(old) + len(new) > MOST_WORDS:
        return None
    told = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            told.append({"kind": "same", "text": "".join(old[i1:i2])})
            continue
        if i2 > i1:
            # What came begins a word of its own, also after the last word of what went.
            gone = "".join(old[i1:i2])
            told.append({"kind": "gone", "text": gone if j2 == j1 else f"{gone.rstrip()} "})
        if j2 > j1:
            told.append({"kind": "come", "text": "".join(new[j1:j2])})
    return told
