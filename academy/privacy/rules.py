"""What people agree to: the version in force, and who has agreed to it."""

from __future__ import annotations

from academy.privacy.models import Policy

VERSIONS = {Policy.TERMS: "2026-11", Policy.PRIVACY: "2026-11"}
"""The version in force of each paper; another one asks everybody anew."""
