"""Files of the index cut or changed by chance: noticed, set aside, and built anew."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from courses.search import indexing
from courses.search.answering.engine import Indexed
from courses.search.engine import Question
from courses.search.find import find, index_folder
from courses.search.params import SearchParams
from courses.search.plain.engine import Plain
from courses.search.store import index
from tests.making import NOW
from tests.search.harbours import harbours

SEED, ROUNDS = 20261122, 100
ASKED = SearchParams("harbour", {"issue": ("water", "housing")})
KINDS = {"current", ".toc", ".seal", ".trm", ".pst", ".col"}
"""Every kind of file there is, but the lock, which holds nothing."""

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("unmeasured")]


def kind(file: Path) -> str:
    """Name the kind of a file of the index."""
    return file.suffix or file.name


def harm(chance: random.Random, folder: Path) -> tuple[str, str]:
    """Do harm to one file of the index in use; tells its kind, and what was done."""
    used = index.current(folder)
    assert used is not None
    wanted = chance.choice(sorted(KINDS))
    files = [folder / "current", *sorted(used.iterdir())]
    file = chance.choice([one for one in files if kind(one) == wanted])
    whole = bytearray(file.read_bytes())
    harmed = chance.choice(("cut", "bit", "zeros"))
    place = chance.randrange(len(whole))
    if harmed == "cut":
        del whole[place:]
    elif harmed == "bit":
        whole[place] ^= 1 << chance.randrange(8)
    else:
        # What a file system leaves of what it had promised but not yet written.
        last = whole[-1] ^ 1
        whole[place:] = bytes(len(whole) - place - 1) + bytes([last])
    file.write_bytes(whole)
    return wanted, harmed


def test_whatever_is_harmed_the_database_answers_until_the_index_is_new(app: Flask) -> None:
    harbours(app)
    folder, chance, harms = index_folder(app), random.Random(SEED), Counter[tuple[str, str]]()
    kept = folder.with_name("kept")
    shutil.copytree(folder, kept)
    whole, told = find(ASKED, now=NOW), Plain().search(Question(ASKED, NOW))
    assert (whole.away, whole.total, whole.counts) == (False, told.total, told.counts)
    assert whole.total > 10
    for number in range(ROUNDS):
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)
        done = harm(chance, folder)
        harms[done] += 1
        harmed, where = index.current(folder), f"seed {SEED}, round {number}: {done}"
        # As a process that begins now.
        app.extensions["search"] = Indexed(folder)
        found = find(ASKED, now=NOW)
        assert (found.away, found.total, found.counts) == (True, told.total, told.counts), where
        assert indexing.mend(folder, now=NOW) is True, where
        assert index.current(folder) != harmed, where
        # The same process finds the new one.
        found = find(ASKED, now=NOW)
        assert (found.away, found.total, found.counts) == (False, told.total, told.counts), where
    assert {one for one, _ in harms} == KINDS
    assert {how for _, how in harms} == {"cut", "bit", "zeros"}
