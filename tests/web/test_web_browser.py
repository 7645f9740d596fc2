"""The pages in a real browser; skipped with a reason where there is none."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from hub.web import Server

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--v=0",
)
CONSOLE = re.compile(r"CONSOLE.*|Refused to .*|.*Content.Security.Policy.*", re.IGNORECASE)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium found; install the package chromium to run this"),
]


def opened(address: str, profile: Path) -> tuple[str, list[str]]:
    """Return the page as the browser built it, and what its console complained of."""
    command = [str(BROWSER), *QUIET, f"--user-data-dir={profile}", "--dump-dom", address]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout, CONSOLE.findall(done.stderr)


@pytest.mark.parametrize(("language", "word"), [("nl", "vacatures"), ("fr", "offres"), ("en", "vacancies")])
def test_the_home_page_opens_in_each_language_without_a_complaint(
    server: Server, tmp_path: Path, language: str, word: str
) -> None:
    page, complaints = opened(f"{server.address}/?lang={language}", tmp_path)
    assert complaints == []
    assert f'<html lang="{language}"' in page
    assert word in page


def test_the_browser_would_complain_of_a_script_that_the_policy_forbids(server: Server, tmp_path: Path) -> None:
    """The control: a page that breaks its own policy shows up in the console."""
    broken = tmp_path / "broken.html"
    broken.write_text(
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'"><script>alert(1)</script>'
    )
    _, complaints = opened(broken.as_uri(), tmp_path / "profile")
    assert complaints != []
