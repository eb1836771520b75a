"""Templates say a hundred sentences a page and use macros as often: here without detours."""

from __future__ import annotations

from typing import Any

import flask_babel
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from markupsafe import Markup


@pass_eval_context
def say(how: EvalContext, sentence: str, /, **variables: Any) -> str:
    """Say a sentence in the language of the page, what is put into it escaped in HTML."""
    said: str = flask_babel.get_translations().ugettext(sentence)
    return (Markup(said) if how.autoescape else said) % variables  # noqa: S704 - our own sentences


class Direct(Context):
    """Calls macros and sentences as Jinja does, but asks no others what they would be given."""

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call something from a template."""
        if called.__class__ is Macro or called is say:
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return called(self.eval_ctx, *args, **kwargs)
        return super().call(called, *args, **kwargs)
