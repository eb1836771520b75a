"""The project as text: its files, and the trees of its Python."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = frozenset((".venv", ".git", "var", "out", "build", "htmlcov", "node_modules"))
"""Folders beside the project: what is installed, kept, built or cached."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    """Name a file as people do, from the top of the checkout."""
    return path.relative_to(ROOT).as_posix()


@cache
def files() -> tuple[Path, ...]:
    """List every file of the project."""
    return tuple(_below(ROOT))


def _below(folder: Path) -> Iterator[Path]:
    for entry in sorted(os.scandir(folder), key=lambda found: found.name):
        cached = entry.name.startswith(".") and entry.name not in {".ci", ".gitignore"}
        if entry.name in NOT_OURS or cached or entry.name == "__pycache__":
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _below(Path(entry.path))
        else:
            yield Path(entry.path)


def python(*folders: str) -> tuple[Path, ...]:
    """List the Python files in these folders, or in all; written migrations are left out."""
    wanted = tuple(f"{folder}/" for folder in folders)
    return tuple(
        path
        for path in files()
        if path.suffix == ".py"
        and name_of(path).startswith(wanted or "")
        and not name_of(path).startswith("migrations/versions/")
    )


@cache
def tree(path: Path) -> ast.Module:
    """Parse a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[tuple[str, Function]]:
    """Give every function of a file with its name, that of its class before it."""
    yield from _functions(tree(path), "")


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, Function | ast.ClassDef)
        name = f"{prefix}{child.name}" if isinstance(child, Function | ast.ClassDef) else ""
        if isinstance(child, Function):
            yield name, child
        yield from _functions(child, f"{name}." if named else prefix)


def calls(node: ast.AST) -> Iterator[ast.Call]:
    """Give every call below a node."""
    return (found for found in ast.walk(node) if isinstance(found, ast.Call))
