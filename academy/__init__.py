"""The platform: people, institutions, languages and jobs. It knows nothing of courses."""

from academy.app import create_app

__all__ = ["create_app"]
