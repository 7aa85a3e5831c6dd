"""A client that checks every page it fetches, and the page as a test asks about it."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

LABELLED = {"input", "select", "textarea"}
NEEDS_NO_LABEL = {"hidden", "submit", "button"}


@dataclass
class Page:
    """An answer; an HTML one has been checked."""

    response: TestResponse
    tree: Element = field(default_factory=lambda: Element("html"))

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status_code

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.response.headers["Location"]

    @property
    def headers(self) -> Any:
        """The answer’s headers."""
        return self.response.headers

    @property
    def json(self) -> Any:
        """The answer’s JSON."""
        return self.response.get_json()

    @cached_property
    def html(self) -> str:
        """The page as it was sent."""
        return self.response.get_data(as_text=True)

    @cached_property
    def text(self) -> str:
        """What a person reads on it, with single spaces."""
        body = self.tree.find("body")
        return " ".join("".join((body if body is not None else self.tree).itertext()).split())

    @property
    def h1(self) -> str:
        """Its one main heading."""
        return text_of(self.all("h1")[0])

    @property
    def errors(self) -> list[str]:
        """The sentences beside the fields."""
        marked = [each for each in self.tree.iter() if has_class(each, "error")]
        return [text_of(each) for each in marked]

    @property
    def links(self) -> list[str]:
        """The addresses of all links."""
        return [each.get("href", "") for each in self.all("a")]

    def all(self, tag: str) -> list[Element]:
        """Return all elements of a kind, in order."""
        return list(self.tree.iter(tag))

    def with_id(self, name: str) -> Element:
        """Return the element with an id."""
        return next(each for each in self.tree.iter() if each.get("id") == name)

    def value(self, name: str) -> str:
        """Return what a form field holds."""
        fields = (each for each in self.tree.iter() if each.tag in LABELLED)
        found = next(each for each in fields if each.get("name") == name)
        if found.tag == "select":
            chosen = [option for option in found.iter("option") if "selected" in option.attrib]
            return chosen[0].get("value", "") if chosen else ""
        return found.get("value") or text_of(found)


class PageClient(FlaskClient):
    """Flask’s test client, whose HTML answers are checked before a test sees them."""

    def page(self, path: str, **kw: Any) -> Page:
        """Fetch a page."""
        return self._checked(self.open(path, **kw))

    def send(self, path: str, data: dict[str, Any] | None = None, **kw: Any) -> Page:
        """Post a form as the page’s own form would, with its CSRF token where it has one."""
        token = self._token(path) if kw.pop("csrf", True) else None
        values = {**(data or {}), **({"csrf_token": token} if token else {})}
        headers = {"Origin": "http://localhost", **kw.pop("headers", {})}
        return self._checked(self.post(path, data=values, headers=headers, **kw))

    def _token(self, path: str) -> str | None:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path).text)
        return found[1] if found else None

    def _checked(self, response: TestResponse) -> Page:
        page = Page(response)
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            parser = html5lib.HTMLParser(
                tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False
            )
            page.tree = parser.parse(response.get_data(as_text=True))
            check_page(page, [str(error) for error in parser.errors])
        return page


def text_of(element: Element) -> str:
    """Return an element’s text with single spaces."""
    return " ".join("".join(element.itertext()).split())


def has_class(element: Element, name: str) -> bool:
    """Tell whether an element bears a class."""
    return name in element.get("class", "").split()


def check_page(page: Page, parse_errors: list[str]) -> None:
    """Fail where a page is not valid, not accessible at a glance, or breaks our own policy."""
    assert not parse_errors, parse_errors
    assert page.html.startswith("<!doctype html>")
    assert page.tree.get("lang") in {"en-GB", "cy"}
    assert len(page.all("h1")) == 1, [text_of(each) for each in page.all("h1")]
    assert text_of(page.all("title")[0]).strip()
    ids = [each.get("id") for each in page.tree.iter() if each.get("id")]
    assert len(ids) == len(set(ids)), sorted(ids)
    _check_labels(page, set(ids))
    _check_summaries(page, ids)
    _check_policy(page)


def _check_labels(page: Page, ids: set[str | None]) -> None:
    labelled = {each.get("for") for each in page.all("label")}
    wrapped = {id(inner) for each in page.all("label") for inner in each.iter()}
    for each in page.tree.iter():
        if each.tag in LABELLED and each.get("type") not in NEEDS_NO_LABEL:
            named = each.get("id") in labelled or each.get("aria-label") or id(each) in wrapped
            assert named, f"no label: {each.attrib}"
        for name in ("aria-describedby", "aria-labelledby", "for"):
            missing = set((each.get(name) or "").split()) - ids
            assert not missing, f"{name} names no element: {missing}"
    assert all("alt" in each.attrib for each in page.all("img"))


def _check_summaries(page: Page, ids: list[str | None]) -> None:
    """Each mistake leads to its field, in the order in which the fields stand on the page."""
    for summary in (each for each in page.all("div") if has_class(each, "summary")):
        targets = [each.get("href", "").removeprefix("#") for each in summary.iter("a")]
        assert set(targets) <= set(ids), f"leads to no field: {targets}"
        assert targets == sorted(targets, key=ids.index), f"out of order: {targets}"


def _check_policy(page: Page) -> None:
    for each in page.tree.iter():
        assert "style" not in each.attrib, each.attrib
        assert not any(name.startswith("on") for name in each.attrib), each.attrib
    assert not page.all("style")
    assert all(each.get("src") and not (each.text or "").strip() for each in page.all("script"))
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "nonce" not in policy
