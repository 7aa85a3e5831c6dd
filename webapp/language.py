"""The language of a page is in its path: nothing in front for English, /cy for Welsh.

A header or a cookie would split an address that caches keep once. The prefix moves into
SCRIPT_NAME, so that every address a page makes stays in its language without being told.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from flask import Flask, has_request_context, request
from flask_babel import force_locale, get_locale
from werkzeug.wrappers import Response

from webapp.extensions import babel

WSGIApp = Callable[[dict[str, Any], Any], Iterable[bytes]]
ENVIRON_KEY = "moment_map.language"


class Language(StrEnum):
    """A language of the site, as its BCP 47 tag."""

    ENGLISH = "en-GB"
    WELSH = "cy"

    @property
    def locale(self) -> str:
        """The name that Babel knows it by."""
        return {"en-GB": "en_GB", "cy": "cy"}[self.value]

    @property
    def prefix(self) -> str:
        """What stands in front of a path: empty for English."""
        return {"en-GB": "", "cy": "/cy"}[self.value]

    @property
    def own_name(self) -> str:
        """The language’s name in itself."""
        return {"en-GB": "English", "cy": "Cymraeg"}[self.value]

    @property
    def other(self) -> "Language":
        """The language that the switch leads to."""
        return Language.ENGLISH if self is Language.WELSH else Language.WELSH


class LanguagePrefix:
    """WSGI middleware that reads the language from the path."""

    def __init__(self, wsgi_app: WSGIApp) -> None:
        self.wsgi_app = wsgi_app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        path = environ.get("PATH_INFO", "")
        if path == "/cy":
            query = environ.get("QUERY_STRING", "")
            home = environ.get("SCRIPT_NAME", "") + "/cy/" + (query and f"?{query}")
            return Response(status=308, headers={"Location": home})(environ, start_response)
        if path.startswith("/cy/"):
            environ["PATH_INFO"] = path[len("/cy") :]
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/cy"
            environ[ENVIRON_KEY] = Language.WELSH
        return self.wsgi_app(environ, start_response)


def current_language() -> Language:
    """Return the language of the page, or of the text being made outside a request."""
    if has_request_context():
        forced = get_locale()
        if forced is not None:
            return Language.WELSH if forced.language == "cy" else Language.ENGLISH
    return _language_of_path()


def in_language(language: Language) -> Any:
    """Return a context in which texts are made in a language: for mails and calendars."""
    return force_locale(language.locale)


def page_address(site_origin: str, language: Language, partner_code: str | None = None) -> str:
    """Return this page’s full address in a language, with its query.

    Who sent somebody makes no other page of it, so that has to be said.
    """
    asked = request.query_string.decode("ascii", "replace").split("&")
    parts = [each for each in asked if each and each.partition("=")[0] != "via"]
    query = "&".join([*parts, f"via={partner_code}"] if partner_code else parts)
    path = quote(request.path, safe="/:@!$&'()*+,;=~")
    return f"{site_origin}{language.prefix}{path}" + (f"?{query}" if query else "")


def init_language(app: Flask) -> None:
    """Give an application its languages."""
    babel.init_app(
        app,
        default_locale=Language.ENGLISH.locale,
        default_timezone="Europe/London",
        locale_selector=lambda: _language_of_path().locale,
    )
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]  # Flask’s own way


def _language_of_path() -> Language:
    if not has_request_context():
        return Language.ENGLISH
    found: Language = request.environ.get(ENVIRON_KEY, Language.ENGLISH)
    return found
