"""Keep the schemas as they are now, so that later changes are compared with them: run it after adding to the model.

It refuses what takes something from readers, and additions without a higher second number of the version.
"""

import json
import sys
from pathlib import Path

from schema_changes import changes

from hub.model.schema import VERSION, pinned_schema
from hub.model.vocabulary import Kind

FOLDER = Path(__file__).parent / "schemas"
ADDRESS = "https://hub.example.org"


def kept(kind: str) -> Path:
    """Return the file in which the schema of a kind is kept."""
    return FOLDER / f"{kind}.json"


def main() -> int:
    """Write the files; return the exit code."""
    for kind in Kind:
        now = pinned_schema(kind, ADDRESS)
        before = json.loads(kept(kind).read_text("utf-8")) if kept(kind).is_file() else now
        found = changes(before, now)
        if any(change.breaking for change in found) or (found and before["version"] == VERSION):
            sys.stderr.write(f"{kind}: not kept, see VERSION in hub/model/schema.py: {found}\n")
            return 1
        kept(kind).write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
