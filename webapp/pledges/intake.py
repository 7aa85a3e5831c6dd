"""The short way for a pledge: past forms, texts and pages, which it needs only where something is wrong.

WSGI middleware. What is not plainly a good pledge goes the ordinary way, which says what is the matter;
so this decides nothing that `routes.py` would decide otherwise, it only answers sooner.
"""

import re
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.wrappers import Response

from webapp.language import ENVIRON_KEY
from webapp.partner_codes import code_of
from webapp.pledges.actions import participant_of
from webapp.pledges.batches import Batches, Taken
from webapp.pledges.models import LARGEST_PARTY, SMALLEST_PARTY
from webapp.pledges.nonces import Nonce, NonceExpiredError, NonceInvalidError, NonceSigner, Receipt

WSGIApp = Callable[[dict[str, Any], Any], Iterable[bytes]]

PATH = re.compile(r"/(events/[0-9a-z]+|moments/[0-9a-z-]+)/pledge")
PARTY = re.compile(r"[1-9][0-9]?", re.ASCII)
LARGEST_BODY = 2048
# Anything else is a form with more in it, such as a postcode, and goes the ordinary way.
FIELDS = frozenset({"nonce", "party", "participant", "postcode", "via"})


class Intake:
    """Takes plain pledges before the application sees them."""

    def __init__(
        self, wsgi_app: WSGIApp, batches: Batches, signer: NonceSigner, origins: frozenset[str]
    ) -> None:
        self._app, self._batches, self._signer = wsgi_app, batches, signer
        self._origins = origins
        self._hosts = {origin.partition("://")[2] for origin in origins}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        if environ["REQUEST_METHOD"] == "POST" and PATH.fullmatch(environ.get("PATH_INFO", "")):
            taken = self._read(environ)
            if taken is not None and self._batches.write(taken):
                return self._receipt(taken, environ)(environ, start_response)
        return self._app(environ, start_response)

    def _read(self, environ: dict[str, Any]) -> Taken | None:
        """Return the pledge in a request; None for what has to go the ordinary way."""
        if not self._is_ours(environ):
            return None
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = BytesIO(body)
        fields = _fields(body)
        if fields is None or not PARTY.fullmatch(fields["party"]):
            return None
        party = int(fields["party"])
        nonce = self._nonce(fields["nonce"], environ["PATH_INFO"])
        if nonce is None or not SMALLEST_PARTY <= party <= LARGEST_PARTY:
            return None
        participant = participant_of(fields.get("participant", "")) or nonce.key
        via = code_of(fields.get("via", ""))
        return Taken(nonce.moment_id, nonce.key, participant, nonce.event_id, party, via)

    def _is_ours(self, environ: dict[str, Any]) -> bool:
        length = environ.get("CONTENT_LENGTH") or ""
        return (
            environ.get("HTTP_ORIGIN") in {None, *self._origins}
            and environ.get("HTTP_HOST") in self._hosts
            and environ.get("CONTENT_TYPE") == "application/x-www-form-urlencoded"
            and not environ.get("QUERY_STRING")
            and length.isascii()
            and length.isdigit()
            and int(length) <= LARGEST_BODY
        )

    def _nonce(self, token: str, path: str) -> Nonce | None:
        try:
            return self._signer.read_for(token, path)
        except (NonceExpiredError, NonceInvalidError):
            return None

    def _receipt(self, taken: Taken, environ: dict[str, Any]) -> Response:
        token = self._signer.sign_receipt(Receipt(taken.moment_id, taken.nonce))
        prefix = "/cy" if environ.get(ENVIRON_KEY) == "cy" else ""
        answer = Response(status=303, headers={"Location": f"{prefix}/pledges/{token}?thanks=1"})
        answer.headers["Cache-Control"] = "no-store"
        answer.autocorrect_location_header = False
        return answer


def _fields(body: bytes) -> dict[str, str] | None:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=5
        )
    except ValueError:
        return None
    fields = dict(pairs)
    is_plain = len(fields) == len(pairs) and fields.keys() <= FIELDS and not fields.get("postcode")
    return fields if is_plain and fields.keys() >= {"nonce", "party"} else None
