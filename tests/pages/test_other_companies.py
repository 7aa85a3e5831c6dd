"""The pages say truly what is loaded from other companies."""

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.own_site import site_with
from webapp.config import Settings

NOTHING = {
    "/privacy": "no tracking, and nothing is loaded from other companies.",
    "/about": "sells nothing, and loads nothing from other companies.",
    "/cy/privacy": "ac ni lwythir dim o gwmnïau eraill.",
    "/cy/about": "ac nid yw’n llwytho dim o gwmnïau eraill.",
}
TILES = "https://tiles.example/{z}/{x}/{y}.png"


@pytest.mark.parametrize("path", NOTHING)
def test_nothing_is_loaded_from_others_unless_the_map_is(
    settings: Settings, client: PageClient, session: Session, path: str
) -> None:
    assert NOTHING[path] in client.page(path).text

    named = "© <a href='https://example.org'>Maps & Sons</a>"
    for attribution, owner in ((named, "© Maps & Sons"), ("", "tiles.example")):
        with site_with(settings, tile_url=TILES, tile_attribution=attribution) as app:
            app.test_client_class = PageClient
            text = app.test_client().page(path).text  # type: ignore[attr-defined]  # of PageClient
        assert NOTHING[path] not in text
        assert f": {owner} " in text


def test_the_privacy_page_says_how_long_copies_hold_what_is_erased(client: PageClient) -> None:
    assert "Copies for emergencies are kept for thirty days" in client.page("/privacy").text
