"""What pages show of pledges by themselves: the number that keeps up, and “You’re in” on one device."""

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

    for _ in range(160):
        watcher.clock.fast_forward(10_000)
        watcher.wait_for_timeout(250)
        if int(number.inner_text().replace(",", "")) == before + 1:
            break
    expect(number).to_have_text(f"{before + 1:,}")
    expect(watcher.locator(".tally h2")).to_have_text(
        "person is in" if not before else "people are in"
    )


def test_the_event_s_page_says_you_re_in_on_this_device_until_it_is_told_to_forget(
    narrow: NarrowPage, listed: dict[str, str]
) -> None:
    page, elsewhere = narrow(listed["hall"]), narrow(listed["hall"])
    note = page.locator(".join .state")
    expect(note).to_be_hidden()
    say_in(page)
    expect(page.get_by_role("button", name="Forget on this device")).to_be_visible()

    page.goto(listed["hall"])
    expect(note).to_contain_text("You’re in")
    elsewhere.reload()
    expect(elsewhere.locator(".join .state")).to_be_hidden()

    note.get_by_role("link", name="Your receipt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your receipt")
    page.get_by_role("button", name="Forget on this device").click()
    expect(page.get_by_text("Forgotten.")).to_be_focused()
    page.goto(listed["hall"])
    expect(note).to_be_hidden()


def test_a_shared_device_remembers_nobody(narrow: NarrowPage, listed: dict[str, str]) -> None:
    page = narrow(listed["hall"])
    say_in(page)
    page.get_by_role("link", name="Pledge for somebody else").click()
    say_in(page)

    page.goto(listed["hall"])
    expect(page.locator(".join .state")).to_be_hidden()


def test_where_storage_is_forbidden_nothing_breaks(
    narrow: NarrowPage, listed: dict[str, str]
) -> None:
    page = narrow("/about")
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new Error('forbidden'); } });"
    )
    page.goto(listed["hall"])
    say_in(page)

    page.goto(listed["hall"])
    expect(page.locator(".join .state")).to_be_hidden()
