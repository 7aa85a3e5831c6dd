"""What stands in an address and opens something is in no log: neither the site’s own nor nginx’s."""

import logging
import re

import pytest
from flask import Flask

from bench.proxy import DOCUMENT, documented
from tests.whole_app.addresses import rules
from webapp.server_log import WithoutSecrets

# Whoever has such a part of an address needs nothing else.
SECRET = {"token", "signed", "receipt"}
HARMLESS = {
    "public_id", "slug", "group_slug", "kept_id", "number", "user_id", "browser_id", "reference",
    "sheet", "draft_id", "step", "name", "filename", "version",
}  # fmt: skip
OPENS = "aB3-x_Y.z9"

PART = re.compile(r"<(?:[^:>]+:)?(\w+)>")
MAPPED = re.compile(
    r'map \$uri \$told \{\s+default \$uri;\s+"~(?P<pattern>.+?)" \$before\.\.\.;\s+\}'
)


def addresses(app: Flask) -> list[str]:
    """Return an address of each route, with all that is secret written as OPENS."""
    return [PART.sub(_filled, rule.rule) for rule in rules(app)]


def _filled(part: re.Match[str]) -> str:
    return OPENS if part[1] in SECRET else "1"


def told_by_nginx(address: str) -> str:
    """Return what nginx’s map, as documented, makes of an address."""
    mapped = MAPPED.search(documented(DOCUMENT.read_text(encoding="utf-8")))
    assert mapped is not None
    found = re.search(mapped["pattern"].replace("(?<", "(?P<"), address)
    return f"{found['before']}..." if found else address


def told_by_the_site(address: str) -> str:
    """Return what stays of an address in a line of the server’s own logs."""
    line = '%s - "GET %s" 200 12'
    record = logging.LogRecord("any", logging.INFO, "", 0, line, ("203.0.113.7", address), None)
    WithoutSecrets().filter(record)
    return record.getMessage().partition("GET ")[2].partition('" 200 12')[0]


def test_it_is_known_of_every_part_of_an_address_whether_it_opens_something(app: Flask) -> None:
    assert {name for rule in rules(app) for name in rule.arguments} == SECRET | HARMLESS


@pytest.mark.parametrize("told", [told_by_nginx, told_by_the_site])
@pytest.mark.parametrize("language", ["", "/cy"])
def test_no_log_has_what_opens_something_and_all_have_the_rest(
    app: Flask, told: object, language: str
) -> None:
    assert callable(told)
    for address in addresses(app):
        whole = language + address
        before, secret, _after = whole.partition(OPENS)
        assert told(whole).replace("...", "…") == (f"{before}…" if secret else whole)


def test_an_error_of_the_server_is_told_without_what_opens_something() -> None:
    record = logging.LogRecord(
        "any", logging.ERROR, "", 0, "Error handling request %s", (f"/cy/hide/{OPENS}?via=a",), None
    )
    WithoutSecrets().filter(record)
    assert record.getMessage() == "Error handling request /cy/hide/…"
