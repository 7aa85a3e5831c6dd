"""What a publisher’s server answers, sorted by what there is to do about it."""

from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

BUSY = {408, 425, 429, 500, 502, 503, 504}
GONE = {404, 410}


class AnswerError(Exception):
    """No file came of it; says why, without a full stop."""


class PassingError(AnswerError):
    """It may be different in a moment, and not before `pause` seconds.

    `unreached` names the host that no connection could be made to.
    """

    def __init__(self, what: str, *, pause: float = 0, unreached: str | None = None) -> None:
        super().__init__(what)
        self.pause = pause
        self.unreached = unreached


class MovedError(AnswerError):
    """The file has another address now."""


class RefusedError(AnswerError):
    """It will be the same again."""


def judge(response: Any) -> None:
    """Raise the trouble that an answer is; return where it has a file, or says “not modified”."""
    host, status = urlsplit(response.url).hostname, response.status_code
    if status in {200, 206, 304}:
        return
    if status in GONE:
        msg = f"The publisher has moved it: {host} does not know its address ({status})"
        raise MovedError(msg)
    if status in BUSY:
        pause = _seconds(response.headers.get("Retry-After", ""))
        msg = f"{host} is too busy to answer ({status})"
        raise PassingError(msg, pause=pause)
    msg = f"{host} does not give it to us ({status})"
    raise RefusedError(msg)


def unreachable(error: Exception, address: str) -> AnswerError:
    """Return the trouble of a question that nobody answered."""
    from requests import exceptions  # noqa: PLC0415 -- an extra

    host = urlsplit(address).hostname
    if isinstance(error, exceptions.SSLError):
        return RefusedError(f"{host} cannot prove that it is {host}")
    if isinstance(error, exceptions.TooManyRedirects):
        return RefusedError(f"{host} sends us round in circles")
    if isinstance(error, exceptions.InvalidSchema | exceptions.InvalidURL):
        return RefusedError(f"{host} sends us to where we do not follow")
    if isinstance(error, exceptions.ReadTimeout):
        return PassingError(f"{host} does not answer in time")
    if isinstance(error, exceptions.ConnectionError | exceptions.Timeout):
        return PassingError(f"{host} cannot be reached from here", unreached=host)
    return RefusedError(f"{host} cannot be asked ({type(error).__name__})")


def total_size(response: Any, already: int) -> int | None:
    """Return how long the whole file is; None where the server does not say."""
    length = response.headers.get("Content-Length", "")
    if not length.isdecimal() or response.headers.get("Content-Encoding", "identity") != "identity":
        return None
    return already + int(length)


def first_byte(response: Any) -> int:
    """Return at which byte of the file an answer begins."""
    unit, _, span = response.headers.get("Content-Range", "").partition(" ")
    start = span.partition("-")[0]
    if response.status_code != 206 or unit != "bytes" or not start.isdecimal():
        return 0
    return int(start)


def _seconds(retry_after: str) -> float:
    """Return how long a server asks us to wait, which it says in seconds or as a date."""
    if retry_after.strip().isdecimal():
        return float(retry_after)
    with suppress(ValueError, TypeError):
        date = parsedate_to_datetime(retry_after)
        return max(0.0, (date - datetime.now(UTC)).total_seconds())
    return 0.0


def in_words(seconds: float) -> str:
    """Return how long that is, roughly."""
    if seconds < 120:
        return "1 second" if round(seconds) == 1 else f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.0f} hours"
