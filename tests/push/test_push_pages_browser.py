"""Registering in a real browser, by the keyboard alone; skipped with a reason where there is none."""

from pathlib import Path

import pytest
from browsing import CHROMIUM, browsing
from push.conftest import Portal, Receiver, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found; install the package chromium to run this"),
]


def test_a_person_registers_proves_and_stops_by_the_keyboard_alone(
    portal: Portal, receiver: Receiver, tmp_path: Path
) -> None:
    address = str(portal.client.base_url).rstrip("/")
    with browsing(tmp_path) as browser:
        browser.open(f"{address}/webhooks?lang=nl")
        browser.tab_to("#view")
        browser.press("ArrowDown")
        browser.tab_to("#events-2")
        browser.press(" ")
        browser.tab_to("#url")
        browser.press("Enter", leaves=True)
        assert browser.see("document.title").startswith("Fout: ")
        assert browser.see("document.activeElement.id") == "errors"
        browser.press("Tab")
        browser.press("Enter")  # the link in the summary leads to the field
        assert browser.see("document.activeElement.id") == "url"
        browser.write(f"{receiver.address}/hooks")
        browser.press("Enter", leaves=True)
        browser.tab_to("#secret")
        made = {name: browser.see(f"document.getElementById('{name}').value") for name in ("secret", "token")}
        receiver.secrets.append(made["secret"])
        browser.tab_to("button[value=show]")
        browser.press("Enter", leaves=True)
        browser.tab_to("button[value=prove]")
        browser.press("Enter", leaves=True)
        assert browser.see("document.activeElement.getAttribute('role')") == "status"
        until(lambda: len(receiver.hints) == 1)
        browser.tab_to("button[value=show]")
        browser.press("Enter", leaves=True)
        assert "Actief" in browser.see("document.title")
        assert "Een bron levert al te lang niets meer" in browser.see("document.body.innerText")
        browser.tab_to("button[lang=fr]")
        browser.press("Enter", leaves=True)
        assert browser.see("document.documentElement.lang + document.location.search") == "fr?lang=fr"
        for deed in ("leave", "remove"):
            browser.tab_to(f"button[value={deed}]")
            browser.press("Enter", leaves=True)
        assert browser.see("document.title").startswith("L'inscription est résiliée")
        visited = browser.ask("Page.getNavigationHistory")["entries"]
    assert [each["url"] for each in visited if any(value in each["url"] for value in made.values())] == []
    assert [each for each in browser.complaints if "422" not in each] == []
    assert receiver.hints[0].said["data"]["view"] == "vacancies"
