"""The blueprint all pages of the domain are on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("courses", __name__, template_folder="templates", url_prefix="/<language:lang>")
