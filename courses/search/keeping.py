"""The loop in which the worker keeps the index true: a change is found a moment later."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from threading import Event
from time import monotonic

from flask import Flask

from academy.db import utcnow
from courses.search.find import index_folder
from courses.search.indexing import BATCH, drain, mend
from courses.search.lexicon import lexicon

log = logging.getLogger(__name__)
PAUSE = 0.025
"""Seconds between two looks for changes; a look takes half a millisecond."""

LONGEST_PAUSE = 30.0
MEND_AGAIN_AFTER = 60.0


def keep_draining(app: Flask) -> Callable[[Event], None]:
    """Make the loop that keeps the index whole and up to date until it is told to stop."""

    def loop(stop: Event) -> None:
        folder, pause, mended_at, tidied = index_folder(app), PAUSE, -MEND_AGAIN_AFTER, False
        while not stop.wait(pause):
            with app.app_context():
                try:
                    if monotonic() - mended_at >= MEND_AGAIN_AFTER:
                        # Read now, so that the first change need not wait for all labels.
                        lexicon()
                        mend(folder, now=utcnow())
                        mended_at = monotonic()
                        tidied = tidied or _tidy()
                    settled = drain(folder, now=utcnow())
                    pause = 0.0 if settled >= BATCH else PAUSE
                except Exception:
                    # The rows stay: what failed is done again, less and less often.
                    log.exception("the index could not be brought up to date")
                    pause, mended_at = min(max(pause, PAUSE) * 2, LONGEST_PAUSE), -MEND_AGAIN_AFTER

    return loop


def _tidy() -> bool:
    """Look for garbage in what is loaded once and for all: it holds a change up by 0.2 seconds."""
    gc.collect()
    gc.freeze()
    return True
