"""The site answers to its own names alone."""

import pytest

from tests.checked_pages import PageClient


@pytest.mark.parametrize("path", ["/", "/nothing", "/account/sign-in", "/static/test/nothing.css"])
def test_a_foreign_host_gets_a_sentence_and_nothing_else(client: PageClient, path: str) -> None:
    answer = client.page(path, headers={"Host": "evil.example"})

    assert answer.status == 400
    assert answer.html == "This site does not answer to that name.\n"
