"""Credentials are sealed at rest, opened with the academy's own key only, and shown nowhere."""

from __future__ import annotations

import base64
import traceback
from pathlib import Path

import pytest

from courses.sources.credentials import (
    CredentialKind,
    Credentials,
    CredentialsLost,
    credentials_of,
    new_push_secret,
    opened,
    push_secret_of,
    sealed,
    sealed_credentials,
)
from courses.sources.models import Source
from tests.making import settings_for

SECRET = "sesame-7c1f-open"
OTHER_KEY = "another-key-that-is-long-enough-0123456789"


def test_what_is_sealed_is_opened_and_says_nothing_until_then(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    kept = sealed(SECRET, settings)
    assert opened(kept, settings) == SECRET
    assert SECRET.encode() not in kept
    assert sealed(SECRET, settings) != kept


@pytest.mark.parametrize("kind", CredentialKind)
def test_credentials_come_back_as_they_were(tmp_path: Path, kind: CredentialKind) -> None:
    settings = settings_for(tmp_path)
    source = Source(secret=sealed_credentials(Credentials(kind, SECRET, "ana"), settings))
    assert credentials_of(source, settings) == Credentials(kind, SECRET, "ana")
    assert credentials_of(Source(secret=None), settings) is None


def test_credentials_have_no_representation() -> None:
    shown = f"{Credentials(CredentialKind.BASIC, SECRET, 'ana')!r}"
    assert (SECRET in shown, "ana" in shown) == (False, False)


def test_another_key_opens_nothing_and_the_refusal_says_what_to_do(tmp_path: Path) -> None:
    source = Source(secret=sealed(SECRET, settings_for(tmp_path)))
    with pytest.raises(CredentialsLost) as refused:
        credentials_of(source, settings_for(tmp_path, secret_key=OTHER_KEY))
    assert (refused.value.status, refused.value.code) == (409, "credentials-lost")
    told = "".join(traceback.format_exception(refused.value))
    assert SECRET not in told
    assert "InvalidToken" not in told


def test_what_was_tampered_with_is_not_opened(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    kept = bytearray(sealed(SECRET, settings))
    kept[-5] ^= 1
    with pytest.raises(CredentialsLost):
        opened(bytes(kept), settings)


def test_a_push_secret_is_what_standard_webhooks_ask_for(tmp_path: Path) -> None:
    settings, made = settings_for(tmp_path), new_push_secret()
    prefix, _mark, rest = made.partition("_")
    assert (prefix, len(base64.b64decode(rest, validate=True))) == ("whsec", 24)
    assert new_push_secret() != made
    source = Source(push_secret=sealed(made, settings))
    assert push_secret_of(source, settings) == made
    assert push_secret_of(Source(push_secret=None), settings) is None
