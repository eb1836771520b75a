"""Requests that change something are done once: the same key again gets the same answer.

The header is that of the IETF draft "The Idempotency-Key HTTP Header Field".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec

from flask import Response, g, make_response, request
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from academy.accounts.queries import token_hash
from academy.db import db, unit_of_work, utcnow
from academy.errors import Conflict, Refusal
from academy.tokens.models import IdempotencyKey

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
LONGEST_KEY = 200
ABANDONED_AFTER = timedelta(minutes=2)
"""A request that has not answered by then has died, and may be sent again."""

P = ParamSpec("P")


class KeyMissing(Refusal):
    """What makes something new has to bring a key."""

    status = 400
    code = "idempotency-key-missing"
    sentence = _l("Send an Idempotency-Key of at most 200 characters with this request.")


class KeyReused(Refusal):
    """The key came before, with another request."""

    status = 422
    code = "idempotency-key-reused"
    sentence = _l("This Idempotency-Key was used for another request.")


class StillAtWork(Conflict):
    """The request with this key is being answered at this moment."""

    code = "idempotency-key-in-use"
    sentence = _l("The first request with this Idempotency-Key is still at work.")


def idempotent(view: Callable[P, Any]) -> Callable[P, Any]:
    """Answer a key that came before with the answer it got; without a key, just do it."""

    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Any:
        key = request.headers.get(HEADER, "")
        if not key:
            return view(*args, **kwargs)
        if len(key) > LONGEST_KEY:
            raise KeyMissing
        person_id, digest = g.api_token.person_id, token_hash(f"api {key}")
        before = _take(person_id, digest, now=utcnow())
        if before is not None:
            return before
        try:
            response = make_response(view(*args, **kwargs))
        except BaseException:
            with unit_of_work():
                db.session.execute(delete(IdempotencyKey).where(*_named(person_id, digest)))
            raise
        _keep(person_id, digest, response)
        return response

    return answer


def key_asked() -> str:
    """Give the key of this request.

    Raises KeyMissing when there is none.
    """
    key = request.headers.get(HEADER, "")
    if not key or len(key) > LONGEST_KEY:
        raise KeyMissing
    return key


def _take(person_id: int, digest: str, *, now: datetime) -> Response | None:
    """Take the key for this request, or give the answer that it got before."""
    asked = _request_hash()
    with unit_of_work():
        known = db.session.scalar(select(IdempotencyKey).where(*_named(person_id, digest)))
        if known is None:
            known = IdempotencyKey(person_id=person_id, key_hash=digest, request_hash=asked)
            db.session.add(known)
        elif known.request_hash != asked:
            raise KeyReused
        elif known.status is not None:
            return _replay(known)
        elif known.made_at > now - ABANDONED_AFTER:
            raise StillAtWork
        known.made_at = now
    return None


def _replay(known: IdempotencyKey) -> Response:
    response = Response(known.answer, status=known.status, headers=known.headers)
    response.headers[REPLAYED] = "true"
    return response


def _keep(person_id: int, digest: str, response: Response) -> None:
    headers = {name: response.headers[name] for name in ("Content-Type",)}
    if "Location" in response.headers:
        headers["Location"] = response.headers["Location"]
    told = {"status": response.status_code, "answer": response.get_data(as_text=True)}
    with unit_of_work():
        kept = update(IdempotencyKey).where(*_named(person_id, digest))
        db.session.execute(kept.values(**told, headers=headers))


def _named(person_id: int, digest: str) -> tuple[Any, ...]:
    return IdempotencyKey.person_id == person_id, IdempotencyKey.key_hash == digest


def _request_hash() -> str:
    told = f"{request.method} {request.full_path} ".encode() + request.get_data()
    return hashlib.sha256(told).hexdigest()
