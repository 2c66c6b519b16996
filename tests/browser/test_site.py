"""The publication page in a real browser: search, filters, copying, no script, a narrow screen."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from citeworks.workflows.publish import publish
from citeworks.workflows.site import Site, build
from site_support import hostile_record, many, record

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
ARGUMENTS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update --disable-dev-shm-usage"
).split()

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="chromium and chromedriver are needed"),
]

Browser = Any
"""selenium's driver, which has no types of its own."""


class _Handler(SimpleHTTPRequestHandler):
    requests: list[str]

    def do_GET(self) -> None:
        self.requests.append(self.path)
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


class Served:
    """A folder behind an address, and the paths that were asked for."""

    def __init__(self, folder: Path) -> None:
        self.requests: list[str] = []
        handler = type("Handler", (_Handler,), {"requests": self.requests})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=folder))
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def make_browser() -> Iterator[Callable[..., Browser]]:
    from selenium import webdriver

    opened: list[Browser] = []

    def make(*arguments: str, script: bool = True) -> Browser:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM or ""
        for argument in (*ARGUMENTS, f"--user-data-dir={tempfile.mkdtemp()}", *arguments):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        if not script:
            options.add_experimental_option(
                "prefs", {"profile.managed_default_content_settings.javascript": 2}
            )
        service = webdriver.ChromeService(executable_path=DRIVER)
        opened.append(webdriver.Chrome(options=options, service=service))
        return opened[-1]

    yield make
    for each in opened:
        each.quit()


@pytest.fixture(scope="module")
def browser(make_browser: Callable[..., Browser]) -> Browser:
    return make_browser("--window-size=1100,900")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("site")
    records = [
        record("smith2020", title="Naïve Café Methods", DOI="10.1000/x", abstract="Of beans."),
        record("doe2021", type="book", title="Trees", issued={"date-parts": [[2021]]}),
        record("roe2021", title="Forests", issued={"date-parts": [[2021, 5]]}),
        hostile_record(),
    ]
    publish(folder, build(records, Site("Our papers"), own=["Ann Smith"]))
    found = Served(folder)
    yield found
    found.server.shutdown()
    found.server.server_close()


def visible(browser: Browser) -> list[str]:
    rows = browser.find_elements("css selector", "main ul.papers > li")
    return [row.get_attribute("id") for row in rows if row.is_displayed()]


def wait_for(browser: Browser, condition: Callable[[], bool]) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(browser, 10).until(lambda _: condition())


def status(browser: Browser) -> str:
    return str(browser.find_element("css selector", ".status").text)


def test_search_ignores_case_and_accents_and_is_kept_in_the_address(
    browser: Browser, served: Served
) -> None:
    browser.get(served.address)
    assert status(browser) == "4 papers"
    browser.find_element("name", "q").send_keys("CAFE naive")
    wait_for(browser, lambda: status(browser) == "1 of 4 papers")
    assert visible(browser) == ["smith2020"]
    wait_for(browser, lambda: "q=CAFE+naive" in browser.current_url)
    browser.get(browser.current_url)
    assert visible(browser) == ["smith2020"]


def test_filters_narrow_and_show_all_undoes_them(browser: Browser, served: Served) -> None:
    browser.get(served.address + "?year=2021&type=Books")
    assert visible(browser) == ["doe2021"]
    assert [
        each.text for each in browser.find_elements("css selector", "h2") if each.is_displayed()
    ][-1] == "2021"
    browser.find_element("css selector", "button[type=reset]").click()
    wait_for(browser, lambda: status(browser) == "4 papers")
    assert "?" not in browser.current_url


def test_nothing_found_is_said(browser: Browser, served: Served) -> None:
    browser.get(served.address + "?q=zzz")
    assert status(browser) == "No paper of 4 fits"
    assert visible(browser) == []


def test_slash_goes_to_the_search_and_escape_clears_it(browser: Browser, served: Served) -> None:
    browser.get(served.address)
    browser.find_element("css selector", "body").send_keys("/")
    field = browser.find_element("name", "q")
    assert browser.switch_to.active_element == field
    field.send_keys("trees")
    wait_for(browser, lambda: visible(browser) == ["doe2021"])
    field.send_keys("\ue00c")
    wait_for(browser, lambda: status(browser) == "4 papers")


def test_copy_button_copies_the_entry(browser: Browser, served: Served) -> None:
    browser.get(served.address)
    entry = browser.find_element("id", "smith2020")
    entry.find_element("css selector", "details.bibtex summary").send_keys("\n")
    wait_for(browser, lambda: bool(entry.find_elements("css selector", "button.copy")))
    button = entry.find_element("css selector", "button.copy")
    browser.set_permissions("clipboard-read", "granted")
    button.send_keys("\n")
    wait_for(browser, lambda: button.text == "Copied")
    copied = browser.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied.startswith("@article{smith2020,")
    assert copied == entry.find_element("css selector", "pre").get_attribute("textContent")


def test_own_author_stands_out(browser: Browser, served: Served) -> None:
    browser.get(served.address)
    own = browser.find_element("css selector", "#smith2020 strong.own")
    assert own.text == "Smith, A. B."


def test_anchor_leads_to_its_paper(browser: Browser, served: Served) -> None:
    browser.get(served.address + "#smith2020")
    assert browser.execute_script("return document.querySelector(':target').id") == "smith2020"


def test_page_of_a_paper_links_back(browser: Browser, served: Served) -> None:
    browser.get(served.address + "papers/smith2020.html")
    assert browser.find_element("css selector", "h1").text == "Naïve Café Methods"
    browser.find_element("css selector", "nav a").click()
    wait_for(browser, lambda: browser.current_url.endswith("index.html#smith2020"))


def test_console_stays_silent_and_no_request_leaves_the_page(
    browser: Browser, served: Served
) -> None:
    browser.get_log("browser")
    served.requests.clear()
    browser.get(served.address)
    browser.find_element("name", "q").send_keys("a")
    for summary in browser.find_elements("css selector", "main summary"):
        if summary.is_displayed():
            summary.send_keys("\n")
    wait_for(browser, lambda: "q=a" in browser.current_url)
    assert browser.get_log("browser") == []
    assert served.requests == ["/"]
    loaded = browser.execute_script(
        "return performance.getEntriesByType('resource').map(e=>e.name)"
    )
    assert [name for name in loaded if not name.startswith("data:")] == []


def test_without_script_everything_is_there_and_no_control_that_would_not_work(
    make_browser: Callable[..., Browser], served: Served
) -> None:
    plain = make_browser(script=False)
    plain.get(served.address)
    assert len(visible(plain)) == 4
    assert not plain.find_element("css selector", "form").is_displayed()
    entry = plain.find_element("id", "smith2020")
    entry.find_element("css selector", "details.bibtex summary").send_keys("\n")
    assert "@article{smith2020," in entry.find_element("css selector", "pre").text


@pytest.mark.parametrize("width", [320, 500])
def test_narrow_screen_needs_no_sideways_scrolling(
    browser: Browser, served: Served, width: int
) -> None:
    metrics = {"width": width, "height": 700, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        browser.get(served.address)
        wide = browser.execute_script("return document.documentElement.scrollWidth")
        assert wide <= width
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


CONTRAST = """
const light = (text) => {
  const [r, g, b] = text.match(/[\\d.]+/g).slice(0, 3).map((part) => {
    const value = part / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = light(getComputedStyle(document.body).backgroundColor);
const shown = 'p, a, h1, h2, h3, label, .csl-entry, strong, summary, button';
return [...document.querySelectorAll(shown)]
  .filter((each) => each.textContent && each.checkVisibility())
  .map((each) => {
    const mine = light(getComputedStyle(each).color);
    return (Math.max(mine, ground) + 0.05) / (Math.min(mine, ground) + 0.05);
  });
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_enough_by_day_and_by_night(
    browser: Browser, served: Served, scheme: str
) -> None:
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    browser.get(served.address)
    ground = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") is (scheme == "light")
    assert min(browser.execute_script(CONTRAST)) >= 4.5


def test_controls_and_landmarks_have_names(browser: Browser, served: Served) -> None:
    browser.get(served.address)
    nodes = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    named = {
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node.get("ignored") and "role" in node
    }
    roles = {role for role, _ in named}
    assert {"main", "banner", "search", "status", "heading"} <= roles
    controls = {"searchbox", "combobox", "button", "link", "search"}
    assert [each for each in named if each[0] in controls and not each[1].strip()] == []


def test_five_thousand_papers_stay_usable(browser: Browser, tmp_path: Path) -> None:
    publish(tmp_path, build(many(5000), Site("Many")))
    found = Served(tmp_path)
    try:
        browser.get(found.address)
        wait_for(browser, lambda: status(browser) == "5000 papers")
        browser.find_element("name", "q").send_keys("number 4321")
        wait_for(browser, lambda: status(browser) == "1 of 5000 papers")
        assert visible_of_many(browser) == ["paper04321"]
    finally:
        found.server.shutdown()
        found.server.server_close()


def visible_of_many(browser: Browser) -> list[str]:
    return list(
        browser.execute_script(
            "return [...document.querySelectorAll('main li:not([hidden])')].map((row) => row.id)"
        )
    )
