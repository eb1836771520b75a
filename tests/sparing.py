"""What is the same in every academy of a run is worked out once: most of a test's time went there.

Each test makes an academy of its own. Nine tenths of that is compiling its templates, the
builders of its addresses and its SQL, describing its API, learning the names of terms, and
looking for garbage among modules that stay; which comes out alike every time. Nothing that an
academy holds is shared: no rows, no answers, no settings.
"""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from apispec import APISpec
from flask import Flask
from flask_smorest import Blueprint
from flask_sqlalchemy import SQLAlchemy
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, create_engine
from werkzeug.routing import Rule

from courses.search import lexicon
from courses.search.names import Meanings

Builder = Callable[..., Any]
GARBAGE = (50_000, 20, 20)
"""After how many new objects Python looks for garbage among the young, the older, and all."""


def spare_time() -> None:
    """Let all academies of this process share what comes out alike in each of them."""
    folder = Path(tempfile.mkdtemp(prefix="academy-"))
    _share_templates(folder)
    _share_builders()
    _share_sql(folder)
    _describe_when_asked()
    _share_names()


def spare_what_stays() -> None:
    """Look for garbage among what tests make alone: modules and what was collected stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def _share_templates(folder: Path) -> None:
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(folder))}


def _share_builders() -> None:
    compile_builder: Builder = Rule._compile_builder
    made: dict[tuple[object, ...], Builder] = {}

    def remembered(rule: Rule, append_unknown: bool = True) -> Builder:
        key = rule.rule, rule.subdomain, rule.host, repr(rule.defaults), append_unknown
        if key not in made:
            made[key] = compile_builder(rule, append_unknown)
        return made[key]

    setattr(Rule, "_compile_builder", remembered)  # noqa: B010


def _share_sql(folder: Path) -> None:
    """Let engines of SQLite share statements that are compiled, as the threads of a server do.

    They are kept by their structure and by the dialect, which therefore has to be the same.
    """
    first = create_engine(f"sqlite:///{folder / 'first.sqlite'}")
    first.connect().close()
    first.dispose()
    make: Callable[..., Engine] = SQLAlchemy._make_engine

    def made(database: SQLAlchemy, *arguments: Any) -> Engine:
        engine = make(database, *arguments)
        if type(engine.dialect) is type(first.dialect):
            engine.dialect = engine.pool._dialect = first.dialect
            engine._compiled_cache = first._compiled_cache
        return engine

    setattr(SQLAlchemy, "_make_engine", made)  # noqa: B010


def _describe_when_asked() -> None:
    """Describe what an API answers when somebody reads the description: few tests do."""
    describe: Callable[..., None] = Blueprint.register_views_in_doc
    tell: Callable[[APISpec], dict[str, Any]] = APISpec.to_dict
    waiting = "views that are not described yet"

    def later(*blueprint_api_app: Any, **how: Any) -> None:
        spec = blueprint_api_app[-1]
        vars(spec).setdefault(waiting, []).append((blueprint_api_app, how))

    def told(spec: APISpec) -> dict[str, Any]:
        for arguments, how in vars(spec).pop(waiting, ()):
            describe(*arguments, **how)
        return tell(spec)

    setattr(Blueprint, "register_views_in_doc", later)  # noqa: B010
    setattr(APISpec, "to_dict", told)  # noqa: B010


def _share_names() -> None:
    """Let academies that know the same terms share what their names mean, which is only read."""
    made: dict[tuple[tuple[str, str, str], ...], Meanings] = {}

    def meanings(named: Iterable[tuple[str, str, str]] = (), **how: Any) -> Meanings:
        key = tuple(named)
        if how:
            return Meanings(key, **how)
        return made.get(key) or made.setdefault(key, Meanings(key))

    setattr(lexicon, "Meanings", meanings)  # noqa: B010
