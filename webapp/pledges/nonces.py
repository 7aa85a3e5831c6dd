"""Signed nonces: what a pledge’s form carries instead of a session, and the receipts made of them.

A nonce names the moment and the event that it is good for, so that it cannot be used elsewhere; it
becomes the ledger’s unique key, so that a form sent twice counts once.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from itsdangerous import BadSignature, SignatureExpired, URLSafeSerializer, URLSafeTimedSerializer

VALID_SECONDS = 48 * 3600


class NonceExpiredError(ValueError):
    """The nonce was ours, but is too old."""


class NonceInvalidError(ValueError):
    """The nonce is cut, made up, or of another event."""


def fresh_key() -> UUID:
    """Return what nobody has had: a random byte, the time in milliseconds, and nine random bytes.

    Of wholly random keys each new one would stand somewhere else in an index, of which millions have many
    pages; of these they stand together. The first byte parts them evenly into 256, for `recount.parts`.
    """
    chance = os.urandom(10)
    at = time.time_ns() // 1_000_000
    return UUID(bytes=chance[:1] + at.to_bytes(6) + chance[1:])


@dataclass(frozen=True)
class Nonce:
    """One chance to pledge: for a moment, and for an event of it or at home (None).

    `path` is where it is to be posted, without a language, so that taking it needs no look-up.
    """

    moment_id: int
    event_id: int | None
    key: UUID
    path: str = ""

    @classmethod
    def fresh(cls, moment_id: int, event_id: int | None, path: str = "") -> Self:
        """Return one that nobody has had."""
        return cls(moment_id, event_id, fresh_key(), path)


@dataclass(frozen=True)
class Receipt:
    """What finds a pledge again: the ledger’s key."""

    moment_id: int
    key: UUID


class NonceSigner:
    """Signs and reads nonces and receipts with the site’s secret."""

    def __init__(self, secret: str) -> None:
        self._nonces = URLSafeTimedSerializer(secret, salt="pledge-nonce")
        self._receipts = URLSafeSerializer(secret, salt="pledge-receipt")

    def sign(self, nonce: Nonce) -> str:
        """Return the nonce as a form carries it."""
        inside = [nonce.moment_id, nonce.event_id, nonce.key.hex, nonce.path]
        return _text(self._nonces.dumps(inside))

    def read_if(self, token: str, is_for_this: Callable[[Nonce], bool]) -> Nonce:
        """Return a nonce that is for this.

        Raises NonceExpiredError after 48 hours, NonceInvalidError for all that is not ours.
        """
        nonce = self._loaded(token)
        if not is_for_this(nonce):
            raise NonceInvalidError
        return nonce

    def read_for(self, token: str, path: str) -> Nonce:
        """Return the nonce that is to be posted to a path; raises as `read_if` does."""
        nonce = self._loaded(token)
        if nonce.path != path:
            raise NonceInvalidError
        return nonce

    def is_quick(self, token: str) -> bool:
        """Tell whether one of ours was made in this very second."""
        try:
            self._nonces.loads(token, max_age=0)
        except BadSignature:
            return False
        return True

    def _loaded(self, token: str) -> Nonce:
        try:
            found = self._nonces.loads(token, max_age=VALID_SECONDS)
        except SignatureExpired as error:
            raise NonceExpiredError from error
        except BadSignature as error:
            raise NonceInvalidError from error
        moment_id, event_id, key, path = found
        return Nonce(int(moment_id), event_id, UUID(hex=key), path)

    def sign_receipt(self, receipt: Receipt) -> str:
        """Return the last part of a receipt’s address."""
        return _text(self._receipts.dumps([receipt.moment_id, receipt.key.hex]))

    def read_receipt(self, token: str) -> Receipt:
        """Return what a receipt’s address names; raises NonceInvalidError."""
        try:
            moment_id, key = self._receipts.loads(token)
        except BadSignature as error:
            raise NonceInvalidError from error
        return Receipt(int(moment_id), UUID(hex=key))


def _text(signed: str | bytes) -> str:
    return signed if isinstance(signed, str) else signed.decode()
