"""What is the same in every academy of a run is worked out once: most of a test's time went there.

Each test makes an academy of its own. Nine tenths of that is compiling its templates and the
builders of its addresses, which come out alike every time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

Builder = Callable[..., Any]


def spare_time() -> None:
    """Let all academies of this process share compiled templates and builders of addresses."""
    folder = tempfile.mkdtemp(prefix="academy-templates-")
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(folder)}
    compile_builder: Builder = Rule._compile_builder
    made: dict[tuple[object, ...], Builder] = {}

    def remembered(rule: Rule, append_unknown: bool = True) -> Builder:
        key = rule.rule, rule.subdomain, rule.host, repr(rule.defaults), append_unknown
        if key not in made:
            made[key] = compile_builder(rule, append_unknown)
        return made[key]

    setattr(Rule, "_compile_builder", remembered)  # noqa: B010
