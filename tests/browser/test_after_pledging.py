"""What pages show of pledges by themselves: the number that keeps up, and “You’re in” on one device."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import NarrowPage


def say_in(page: Page) -> None:
    page.wait_for_load_state("networkidle")  # the script is there, if any is
    page.get_by_role("button", name="I’m in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You’re in. Thank you!")


def test_the_number_on_the_home_page_keeps_up_without_a_reload(
    narrow: NarrowPage, listed: dict[str, str]
) -> None:
    watcher = narrow("about:blank")
    watcher.clock.install()
    watcher.goto("/", wait_until="networkidle")
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
    expect(page.get_by_text("On this device, the event’s page")).to_have_count(0)
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


QUIET = """box => ({
    live: Boolean(box.closest("[aria-live], [role=status], [role=alert], [role=timer]"))
        || Boolean(box.querySelector("[aria-live], [role=status], [role=alert], [role=timer]")),
    moves: box.getAnimations({ subtree: true }).length,
    transitions: [box, ...box.querySelectorAll("*")]
        .map((each) => getComputedStyle(each).transitionDuration)
        .filter((each) => each !== "0s"),
})"""


def test_a_number_that_changes_is_plain_text_which_neither_moves_nor_speaks(
    narrow: NarrowPage,
) -> None:
    page = narrow("about:blank", reduced_motion="reduce")
    words = {
        "people": "1,234,567", "meaning": "people are in", "as_of": "now",
        "events": "98", "events_meaning": "events",
    }  # fmt: skip
    page.route("**/count.json*", lambda route: route.fulfill(json={"words": words}))
    page.clock.install()
    # What is still being fetched would be given up when the clock is moved on.
    page.goto("/", wait_until="networkidle")
    before = page.locator(".tally .number").inner_text()
    box = page.locator("aside.tally")
    for _ in range(50):
        page.clock.fast_forward(10_000)
        page.wait_for_timeout(100)
        if box.locator(".number").inner_text() != before:
            break

    expect(box.locator(".number")).to_have_text("1,234,567")
    assert box.locator("dd").all_inner_texts() == ["98"]
    assert box.evaluate(QUIET) == {"live": False, "moves": 0, "transitions": []}
