"""The short way for a pledge: past forms, texts and pages, which it needs only where something is wrong.

WSGI middleware, for pledges and for the nonces that they need. What is not plainly a good pledge goes
the ordinary way, which says what is the matter; so this decides nothing that `routes.py` would decide
otherwise, it only answers sooner.
"""

import json
import re
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy.exc import SQLAlchemyError

from webapp.language import ENVIRON_KEY
from webapp.partner_codes import code_of
from webapp.pledges.actions import participant_of
from webapp.pledges.batches import Batches, Taken
from webapp.pledges.buckets import signals_of
from webapp.pledges.forms import TRAP_FIELD
from webapp.pledges.models import LARGEST_PARTY, SMALLEST_PARTY
from webapp.pledges.nonces import Nonce, NonceExpiredError, NonceInvalidError, NonceSigner, Receipt
from webapp.pledges.offers import Offers
from webapp.pledges.sides import Side
from webapp.security import standing_headers

WSGIApp = Callable[[dict[str, Any], Any], Iterable[bytes]]

PATH = re.compile(r"/(events/[0-9a-z]+|moments/[0-9a-z-]+)/pledge")
NONCE_PATH = "/api/v1/pledges/nonce"
PARTY = re.compile(r"[1-9][0-9]?", re.ASCII)
LENGTH = re.compile(r"[0-9]{1,4}", re.ASCII)
LARGEST_BODY = 2048
# A form with anything else in it, or with a postcode filled in, goes the ordinary way.
FIELDS = frozenset({"nonce", "party", "participant", "postcode", "via", TRAP_FIELD})


class Intake:
    """Takes plain pledges, and gives nonces for them, before the application sees them."""

    def __init__(
        self,
        wsgi_app: WSGIApp,
        batches: Batches,
        offers: Offers,
        signer: NonceSigner,
        site_origin: str,
    ) -> None:
        self._app, self._batches, self._offers = wsgi_app, batches, offers
        self._signer = signer
        self._origins = {site_origin}
        self._host = site_origin.partition("://")[2]
        self._headers = [*standing_headers(site_origin).items(), ("Cache-Control", "no-store")]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        if method == "POST" and PATH.fullmatch(path):
            taken = self._read(environ)
            if taken is not None and self._batches.write(taken):
                return self._lead_to_receipt(taken, environ, start_response)
        elif method == "GET" and path == NONCE_PATH:
            fresh = self._fresh_nonce(environ)
            if fresh is not None:
                return self._give(fresh, start_response)
        return self._app(environ, start_response)

    def _read(self, environ: dict[str, Any]) -> Taken | None:
        """Return the pledge in a request; None for what has to go the ordinary way."""
        if not self._is_ours(environ):
            return None
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = BytesIO(body)
        if len(body) < int(environ["CONTENT_LENGTH"]):
            return None  # cut on its way: the rest of the site refuses that
        fields = _fields(body)
        if fields is None or not PARTY.fullmatch(fields["party"]):
            return None
        party = int(fields["party"])
        nonce = self._nonce(fields["nonce"], environ["PATH_INFO"])
        if nonce is None or not SMALLEST_PARTY <= party <= LARGEST_PARTY:
            return None
        participant = participant_of(fields.get("participant", "")) or nonce.key
        via = code_of(fields.get("via", ""))
        side = self._side(fields, environ)
        if side is None:
            return None
        return Taken(nonce.moment_id, nonce.key, participant, nonce.event_id, party, via, side)

    def _side(self, fields: dict[str, str], environ: dict[str, Any]) -> Side | None:
        """Return where a pledge comes from; None where the database does not tell the day’s salt."""
        signals = signals_of(
            origin=environ.get("HTTP_ORIGIN"),
            own=self._origins,
            trap=fields.get(TRAP_FIELD, ""),
            is_quick="participant" not in fields and self._signer.is_quick(fields["nonce"]),
        )
        try:
            return self._batches.buckets.side(environ.get("REMOTE_ADDR"), signals)
        except SQLAlchemyError:
            return None

    def _is_ours(self, environ: dict[str, Any]) -> bool:
        length = environ.get("CONTENT_LENGTH") or ""
        return (
            environ.get("HTTP_HOST") == self._host
            and environ.get("CONTENT_TYPE") == "application/x-www-form-urlencoded"
            and not environ.get("QUERY_STRING")
            and LENGTH.fullmatch(length) is not None
            and int(length) <= LARGEST_BODY
        )

    def _nonce(self, token: str, path: str) -> Nonce | None:
        try:
            return self._signer.read_for(token, path)
        except (NonceExpiredError, NonceInvalidError):
            return None

    def _lead_to_receipt(
        self, taken: Taken, environ: dict[str, Any], start_response: Any
    ) -> Iterable[bytes]:
        token = self._signer.sign_receipt(Receipt(taken.moment_id, taken.nonce))
        prefix = "/cy" if environ.get(ENVIRON_KEY) == "cy" else ""
        where = ("Location", f"{prefix}/pledges/{token}?thanks=1")
        start_response("303 SEE OTHER", [where, ("Content-Length", "0"), *self._headers])
        return []

    def _fresh_nonce(self, environ: dict[str, Any]) -> Nonce | None:
        """Return the nonce that a request asks for; None where the ordinary way has to answer."""
        if environ.get("HTTP_HOST") != self._host:
            return None
        return self._offers.fresh_nonce(environ.get("QUERY_STRING", ""))

    def _give(self, nonce: Nonce, start_response: Any) -> Iterable[bytes]:
        body = json.dumps({"nonce": self._signer.sign(nonce)}).encode()
        kind = ("Content-Type", "application/json")
        start_response("200 OK", [kind, ("Content-Length", str(len(body))), *self._headers])
        return [body]


def _fields(body: bytes) -> dict[str, str] | None:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            max_num_fields=len(FIELDS),
        )
    except ValueError:
        return None
    fields = dict(pairs)
    is_plain = len(fields) == len(pairs) and fields.keys() <= FIELDS and not fields.get("postcode")
    return fields if is_plain and fields.keys() >= {"nonce", "party"} else None
