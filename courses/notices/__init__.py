"""The domain's mails: one function a kind, registered when its module is imported.

A mail is made when it is sent, and only if it is still true then: see academy.notices.composing.
"""

from __future__ import annotations

from courses.notices import asking, meetings, messages, moderating, taking_part

MODULES = (asking, meetings, messages, moderating, taking_part)
"""Importing a module registers its kinds."""
