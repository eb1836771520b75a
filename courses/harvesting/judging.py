"""What a record becomes: an offer perhaps, refused, gone, or nothing where it is a repetition."""

from __future__ import annotations

import re

from academy.text import clean_line
from courses.harvesting.adapting import Item
from courses.harvesting.draft import LONGEST_FOUND, LONGEST_ID, Draft, Finding, Gone, Weight
from courses.harvesting.harvests.seen import Seen
from courses.harvesting.words.table import WordTable
from courses.harvesting.writing.cleaning import cleaned
from courses.harvesting.writing.contents import Prepared

Judged = Prepared | Finding | Gone | None


def judged(item: Item, table: WordTable, seen: Seen) -> Judged:
    """Say what an item becomes: an offer perhaps, refused, or nothing where it is a repetition.

    What came before in the same harvest wins over what has its identifier and says otherwise.
    """
    if isinstance(item, Finding):
        return _noted(item, seen)
    if isinstance(item, Gone):
        seen.gone(item.external_id)
        return item
    item = cleaned(item)
    reason = _reason_to_refuse(item)
    if reason is not None:
        return _noted(reason, seen)
    one = _prepared(item, table)
    before = seen.add(one.external_id, one.fingerprint)
    if before is None:
        return one
    return None if before else _refusal(item, "id", "repeated-id", one.external_id)


def _noted(refused: Finding, seen: Seen) -> Finding:
    """A record that is refused is there all the same: what it was before has not vanished."""
    if refused.external_id:
        seen.note(refused.external_id)
    else:
        seen.unnamed += 1
    return refused


def _prepared(draft: Draft, table: WordTable) -> Prepared:
    terms = table.terms(draft.words, draft.codes)
    return Prepared(draft, terms, draft.fingerprint(sorted(term.code for term in terms)))


def _reason_to_refuse(draft: Draft) -> Finding | None:
    if not re.fullmatch(f"[^\x00-\x1f\x7f]{{1,{LONGEST_ID}}}", draft.external_id):
        return _refusal(draft, "id", "no-id", draft.external_id)
    if not clean_line(draft.texts[0].title):
        return _refusal(draft, "title", "no-title")
    return None


def _refusal(draft: Draft, name: str, code: str, found: str = "") -> Finding:
    return Finding(
        draft.line, name, code, Weight.REJECTED, found[:LONGEST_FOUND], draft.external_id
    )
