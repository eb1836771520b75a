"""The blueprint of the pages about working for institutions."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("institutions", __name__, url_prefix="/<language:lang>")
