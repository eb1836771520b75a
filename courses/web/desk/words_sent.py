"""What people say that a partner's words mean, as their form sends it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flask_babel import lazy_gettext as _l

from academy.errors import Invalid
from courses.harvesting.words.mapping import Said
from courses.harvesting.words.table import LONGEST_WORD, MAPPED, looked_in
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import Vocabularies

NONE_OF_OURS = "none"
AS_BEFORE = "before"
MOST_ROWS = 200
_PICK = re.compile(r"(\d{1,4}) (.{1,80})", re.ASCII)


def words_sent(sent: Mapping[str, str], vocabulary: Vocabularies) -> list[Said]:
    """Read the one word that a button is about, or else every word of the page that was changed.

    Raises Invalid for a term that is not to be chosen there.
    """
    picked = _PICK.fullmatch(sent.get("pick", ""))
    if picked:
        return [_said(sent, picked[1], picked[2], vocabulary)]
    return [_said(sent, n, meant, vocabulary) for n, meant in _changed(sent)]


def _changed(sent: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for number in map(str, range(MOST_ROWS)):
        meant = sent.get(f"meant-{number}", "")
        if meant and meant != sent.get(f"was-{number}", ""):
            yield number, meant


def _said(sent: Mapping[str, str], number: str, meant: str, vocabulary: Vocabularies) -> Said:
    word, among = sent.get(f"word-{number}", "").strip(), sent.get(f"among-{number}", "")
    if not 0 < len(word) <= LONGEST_WORD or among not in {"", *MAPPED}:
        raise Invalid({"meant": _l("Choose from the list.")})
    if meant in (NONE_OF_OURS, AS_BEFORE):
        return Said(word, among, as_before=meant == AS_BEFORE)
    name, _colon, code = meant.partition(":")
    term = vocabulary.by_code.get((Vocabulary(name), code)) if name in looked_in(among) else None
    if term is None or term.replaced_by_id is not None:
        raise Invalid({"meant": _l("Choose from the list.")})
    return Said(word, among, term)
