"""Whatever stewards read of acts and mails has words: no code reaches them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from academy.notices import phrases as mails
from academy.notices.composing import KINDS
from academy.secretariat.phrases import ACTS
from courses.feedback.models import ReviewState
from tests.house.sources import calls, python, tree

EXPANDED = {
    "f'password-{how}'": {"password-changed", "password-removed", "password-reset"},
    "f'review-{state.value}'": {
        f"review-{state.value}" for state in (ReviewState.SHOWN, ReviewState.HIDDEN)
    },
    "act": {"offer-brought-back", "offer-withdrawn"},
}
"""What stands for an act where it is not written out, and the acts it stands for."""


def noted() -> Iterator[ast.expr]:
    """Give the first argument of every call that logs an act."""
    for path in python("academy", "courses"):
        for call in calls(tree(path)):
            named = ast.unparse(call.func)
            if named in {"note", "audit.note"}:
                yield call.args[0]


def test_every_act_of_the_log_has_words() -> None:
    acts: set[str] = set()
    for argument in noted():
        if isinstance(argument, ast.Constant):
            acts.add(str(argument.value))
        else:
            acts |= EXPANDED[ast.unparse(argument)]
    assert len(acts) > 30
    assert acts - ACTS.keys() == set()


def test_no_words_are_kept_for_an_act_that_nobody_does() -> None:
    acts = {ast.literal_eval(one) for one in noted() if isinstance(one, ast.Constant)}
    assert ACTS.keys() - acts - set().union(*EXPANDED.values()) == set()


def test_every_kind_of_mail_has_a_name() -> None:
    assert len(KINDS) > 20
    assert mails.KINDS.keys() == KINDS.keys()
