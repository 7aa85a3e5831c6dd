"""The little markdown that hosts may write: paragraphs, emphasis, lists and links, nothing else.

What is not that is shown as it was typed: HTML has no meaning here, and images and headings have
none. The result is cleaned once more, so that a fault in the first step is no hole.
"""

from html import unescape

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "a"}
_ATTRIBUTES = {"a": {"href"}}
_SCHEMES = {"http", "https", "mailto"}
_RULES = (
    "paragraph",
    "list",
    "text",
    "newline",
    "escape",
    "emphasis",
    "link",
    "autolink",
    "linkify",
)

_markdown = MarkdownIt("zero", {"html": False, "linkify": True, "breaks": True}).enable(
    list(_RULES)
)


def to_html(text: str) -> Markup:
    """Return a host’s text as HTML that is safe to show."""
    clean = nh3.clean(
        _markdown.render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="nofollow ugc noopener",
    )
    return Markup(clean)  # noqa: S704 -- cleaned on the line above


def to_text(text: str) -> str:
    """Return a host’s text without its marks, for descriptions of pages and calendars."""
    plain: str = nh3.clean(_markdown.render(text), tags=set())
    return " ".join(unescape(plain).split())
