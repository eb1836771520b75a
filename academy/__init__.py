"""The platform: people, institutions, languages and jobs. It knows nothing of courses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from academy.app import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    """Import the factory when it is asked for: the supervisor, for one, never does."""
    if name != "create_app":
        raise AttributeError(name)
    from academy.app import create_app  # noqa: PLC0415

    return create_app
