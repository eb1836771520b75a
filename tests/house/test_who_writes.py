"""Who may commit, who opens a unit of work, and who only asks."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.sources import ROOT, calls, functions, name_of, python, tree

ROOM_FILES = ("models.py", "rules.py", "queries.py", "operations.py")
WRITING = frozenset(("add", "add_all", "merge", "flush", "commit", "delete"))
STATEMENTS = frozenset(("insert", "update", "delete"))


def rooms(*names: str) -> list[Path]:
    """List the files of these names in all rooms."""
    return [path for path in python("academy", "courses") if path.name in names]


def called(path: Path) -> list[tuple[str, str]]:
    """What a file calls: on what, and by which name."""
    texts = (ast.unparse(call.func) for call in calls(tree(path)))
    return [(text.rpartition(".")[0], text.rpartition(".")[2]) for text in texts]


def test_nobody_commits_but_the_unit_of_work() -> None:
    commits = [
        (name_of(path), on)
        for path in python("academy", "courses")
        for on, name in called(path)
        if name == "commit"
    ]
    # Search commits to its index, with a writer of its own.
    database = [one for one in commits if one != ("courses/search/index.py", "writer")]
    assert database == [("academy/db.py", "db.session")]
    [unit] = [one for name, one in functions(ROOT / "academy/db.py") if name == "unit_of_work"]
    assert ast.unparse(unit).count("db.session.commit()") == 1


def test_rooms_never_open_a_unit_of_work() -> None:
    opened = {
        name_of(path)
        for path in rooms(*ROOM_FILES)
        if "unit_of_work" in path.read_text(encoding="utf-8")
    }
    assert opened == set()


def test_asking_and_deciding_never_write() -> None:
    asked = rooms("queries.py", "rules.py")
    assert len(asked) > 8
    writes = [
        (name_of(path), name)
        for path in asked
        for on, name in called(path)
        if (on.endswith("session") and name in WRITING) or (not on and name in STATEMENTS)
    ]
    assert writes == []


def test_operations_never_look_at_the_request() -> None:
    request = ("current_user", "current_person", "request", "session", "g")
    named = {
        f"{name_of(path)}: {alias.name}"
        for path in rooms(*ROOM_FILES)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("flask")
        for alias in node.names
        if alias.name in request
    }
    assert named == set()
