"""The harvest commands as at a terminal, and a small table of a partner to run them on."""

from __future__ import annotations

from pathlib import Path

from click.testing import Result
from flask import Flask

ROWS = (
    {"Intitulé": "L'eau en ville", "Lien": "https://ecole.example/1", "Thèmes": "Eau", "Prix": "0"},
    {"Intitulé": "La chaleur en ville", "Lien": "", "Thèmes": "Poterie", "Prix": "20"},
    {"Intitulé": "", "Lien": "https://ecole.example/3", "Thèmes": "Poterie", "Prix": ""},
)
MAPPING = """\
[columns]
subjects = "Thèmes"

[defaults]
language = "fr"
level = "débutant"
"""


def flask(app: Flask, *arguments: str | Path) -> Result:
    """Run a command."""
    return app.test_cli_runner().invoke(args=[str(one) for one in arguments])


def run(app: Flask, file: Path, *more: str | Path, adapter: str = "csv") -> Result:
    """Harvest a file for the River School."""
    return flask(
        app, "harvest", "run", file, "--as", adapter, "--institution", "river-school", *more
    )


def said(result: Result) -> tuple[int, list[str]]:
    """Give the exit code and the lines that were printed."""
    return result.exit_code, result.output.splitlines()


def mapping(folder: Path, toml: str = MAPPING) -> Path:
    """Write a mapping of columns to a file."""
    file = folder / "mapping.toml"
    file.write_text(toml, encoding="utf-8")
    return file
