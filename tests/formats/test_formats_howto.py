"""The format of the how-to: it is loaded, and its own test passes."""

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-format.md"
FILE = re.compile(r"<!-- file: (?P<name>\S+) -->\n```python\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)


def test_the_format_of_the_page_passes_the_test_of_the_page(tmp_path: Path) -> None:
    for found in FILE.finditer(PAGE.read_text("utf-8")):
        path = tmp_path / found["name"]
        path.parent.mkdir(exist_ok=True)
        path.write_text(found["text"], "utf-8")
    code = "import test_notices; test_notices.test_each_opportunity_is_a_line(); print('ok')"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("ok\n", "")


def test_the_format_of_the_page_is_whole(tmp_path: Path) -> None:
    (first, *_) = FILE.finditer(PAGE.read_text("utf-8"))
    (tmp_path / "hub_notices.py").write_text(first["text"], "utf-8")
    code = (
        "import hub_notices; from hub import formats; from hub.plugins import load;"
        "print(*load([], [], own=(formats, hub_notices)).formats)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("jobs atom json-feed ndjson csv ics notices\n", "")
