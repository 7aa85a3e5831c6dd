"""Fetch the official files over an unreliable network, each again where the trouble may pass."""

import errno
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from webapp.places.imports.download import DiskFullError, Download
from webapp.places.imports.file_checks import fault_in
from webapp.places.imports.http_answers import (
    MovedError,
    PassingError,
    RefusedError,
    in_words,
    judge,
    unreachable,
)
from webapp.places.imports.newest_release import is_search, newest_release
from webapp.places.imports.origins import Origin
from webapp.places.imports.sources import Source

TRIES = 8
TRIES_TO_CONNECT = 3  # a network that refuses will refuse again
LONGEST_PAUSE = 60  # seconds that a publisher may ask us to wait
CONNECT_AND_READ_SECONDS = (10.0, 60.0)
# Compressed on the way, the bytes could not be counted, and a part not be continued.
AS_IT_IS = {"Accept-Encoding": "identity", "User-Agent": "moment-map"}

Result = TypeVar("Result")


class FetchError(Exception):
    """A file could not be fetched: what happened and what to do, in sentences."""


class News(StrEnum):
    """What became of a file."""

    DOWNLOADED = "downloaded"
    UNCHANGED = "not changed since last time"
    BY_HAND = "put there by hand, used as it is"


@dataclass(frozen=True)
class Fetched:
    """A file that can be imported."""

    path: Path
    news: News


class Fetcher:
    """Fetches sources into a folder; it waits with `sleep`, and tells with `say` why it waits."""

    def __init__(
        self,
        folder: Path,
        *,
        sleep: Callable[[float], object] = time.sleep,
        say: Callable[[str], object] = lambda _news: None,
        seconds: tuple[float, float] = CONNECT_AND_READ_SECONDS,
    ) -> None:
        from requests import Session  # noqa: PLC0415 -- an extra

        self.folder = folder
        self._sleep = sleep
        self._say = say
        self._seconds = seconds
        self._session = Session()
        self._out_of_reach: set[str | None] = set()

    def fetch(self, source: Source, address: str) -> Fetched:
        """Bring a source’s file up to date; what a person has put there is used as it is.

        Raises FetchError.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return found_by_hand(source, self.folder) or self._download(source, address)
        except DiskFullError as error:
            raise FetchError(str(error)) from None
        except OSError as error:
            raise FetchError(_about(error, self.folder)) from None

    def _download(self, source: Source, address: str) -> Fetched:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            msg = f"{source.variable} is no address that begins with https:// or http://."
            raise FetchError(msg)
        if is_search(address):
            address = self._newest(source, address)
        download = Download(source, address, source.path_in(self.folder), self._ask)
        is_new = self._again_and_again(source, download.run)
        return Fetched(download.path, News.DOWNLOADED if is_new else News.UNCHANGED)

    def _newest(self, source: Source, search: str) -> str:
        """Return the address of the newest release."""

        def look() -> str | None:
            with self._ask(search, {}) as response:
                judge(response)
                try:
                    return newest_release(search, response.json())
                except ValueError:
                    return None

        address = self._again_and_again(source, look)
        if address is None:
            what = f"{urlsplit(search).hostname} knows no release of it"
            raise self._failure(source, what, f"Set {source.variable} to the newest one’s address")
        return address

    def _ask(self, address: str, headers: dict[str, str]) -> Any:
        from requests import RequestException  # noqa: PLC0415 -- an extra

        try:
            return self._session.get(
                address, headers=AS_IT_IS | headers, stream=True, timeout=self._seconds
            )
        except RequestException as error:
            raise unreachable(error, address) from None

    def _again_and_again(self, source: Source, attempt: Callable[[], Result]) -> Result:
        """Return what an attempt returns, made again where the trouble may pass."""
        tried = 0
        while True:
            try:
                return attempt()
            except PassingError as trouble:
                tried += 1
                self._wait(source, trouble, tried)
            except MovedError as trouble:
                what_to_do = f"Set {source.variable} to the new address"
                raise self._failure(source, str(trouble), what_to_do) from None
            except RefusedError as trouble:
                raise self._failure(source, str(trouble)) from None

    def _wait(self, source: Source, trouble: PassingError, tried: int) -> None:
        """Wait until the next try, if there is to be one."""
        if trouble.pause > LONGEST_PAUSE:
            do = f"Try again in {in_words(trouble.pause)}"
            raise self._failure(source, str(trouble), do) from None
        if tried >= self._tries(trouble):
            self._out_of_reach.add(trouble.unreached)
            raise self._failure(source, str(trouble)) from None
        pause = max(trouble.pause, min(2.0 ** (tried - 1), LONGEST_PAUSE))
        self._say(f"{trouble}; trying again in {in_words(pause)}")
        self._sleep(pause)

    def _tries(self, trouble: PassingError) -> int:
        """Return how often to try; once where a host was out of reach for an earlier source."""
        if trouble.unreached is None:
            return TRIES
        return 1 if trouble.unreached in self._out_of_reach else TRIES_TO_CONNECT

    def _failure(self, source: Source, what: str, do: str = "Try again later") -> FetchError:
        return FetchError(f"{what}. {do}, or {source.by_hand(self.folder)}.")


def found_by_hand(source: Source, folder: Path) -> Fetched | None:
    """Return the file that a person has put in the folder; None where nobody has.

    Raises FetchError where it is not what it should be.
    """
    path = source.path_in(folder)
    if not path.is_file() or Origin.read_beside(path) is not None:
        return None
    if fault := fault_in(path, source.kind):
        msg = (
            f"{path} is not {source.kind.described}: {fault}. "
            "Put another there, or delete it to have it fetched."
        )
        raise FetchError(msg)
    return Fetched(path, News.BY_HAND)


def _about(error: OSError, folder: Path) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk is full: free some space for {folder} and try again."
    return f"{error.filename or folder}: {error.strerror or error}."
