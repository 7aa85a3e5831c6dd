"""What pages show of pledges by themselves: the number that keeps up."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import NarrowPage


def say_in(page: Page) -> None:
    page.get_by_role("button", name="I’m in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You’re in. Thank you!")


def test_the_number_on_the_home_page_keeps_up_without_a_reload(
    narrow: NarrowPage, listed: dict[str, str]
) -> None:
    watcher = narrow("about:blank")
    watcher.clock.install()
    watcher.goto("/")
    number = watcher.locator(".tally .number")
    before = int(number.inner_text().replace(",", ""))

    say_in(narrow(listed["hall"]))

    for _ in range(60):
        watcher.clock.fast_forward(10_000)
        watcher.wait_for_timeout(250)
        if int(number.inner_text().replace(",", "")) == before + 1:
            break
    expect(number).to_have_text(f"{before + 1:,}")
    expect(watcher.locator(".tally h2")).to_have_text(
        "person is in" if not before else "people are in"
    )
