"""Odd texts, and what may never become of one on a page."""

import unicodedata

from tests.checked_pages import Page
from webapp.forms import without_invisible

TEXTS = {
    "nothing": "",
    "spaces": " \t ",
    "a space without width": "\u200b",
    "a NUL": "Tea\0 party",
    "a bell": "Tea\x07 party",
    "an override": "Tea \u202egnitset party",
    "a noncharacter": "Tea \ufffe party",
    "a high noncharacter": "Tea \U0010ffff party",
    "a replacement": "Tea \ufffd party",
    "markup": "<script>alert(1)</script> <b>Tea</b>",
    "an attribute": '" onfocus="alert(1)" x=\'',
    "an entity": "&lt;b&gt; &amp;amp; &#0;",
    "a template": "{{ 7*1607 }} ${7*1607} <%= 7*1607 %> {% raw %}",
    "a format": "%(name)s %s {0}",
    "SQL": "'; DROP TABLE event; --",
    "a path": "../../etc/passwd",
    "emoji": "🎉🏴󠁧󠁢󠁷󠁬󠁳󠁿👨‍👩‍👧",
    "many accents": "a" + "\u0301" * 80,
    "full width": "Ｔｅａ　ｐａｒｔｙ",
    "right to left": "שלום שכנים",
    "several lines": "Tea\r\nparty\u2028again",
    "a negative number": "-1",
    "a long number": "9" * 400,
    "not a number": "nan",
    "10,000 characters": "x" * 10_000,
}
DATES = {"year one": "0001-01-01", "year 9999": "9999-12-31", "no such day": "2027-02-30"}


def same(kept: str, typed: str) -> bool:
    """Tell whether a field holds what was typed, but for spaces and what nobody sees."""
    plain = [
        "".join(unicodedata.normalize("NFC", without_invisible(text)).split())
        for text in (kept, typed)
    ]
    # The search box keeps what fits into it.
    return plain[0] == plain[1] or (len(kept) == 100 and plain[1].startswith(plain[0]))


def check(page: Page, name: str, typed: str) -> None:
    """Fail where a page is none of ours, or where a text came alive; markup is checked by itself."""
    assert page.status < 500, (name, typed)
    assert "<script>alert" not in page.html
    assert "Traceback" not in page.text
    assert typed != TEXTS["a template"] or "11249" not in page.text
