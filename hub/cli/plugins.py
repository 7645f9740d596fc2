"""`hub plugins`: what is installed, what is allowed, and why one is disabled."""

from dataclasses import asdict

import typer

from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_json, table
from hub.config import load
from hub.plugins import load as load_plugins

app = typer.Typer(add_completion=False)

_COLUMNS = ("plugin", "distribution", "version", "state", "adapters", "reason")


@app.command()
def plugins(config: Folder = CONFIG, json: Json = False) -> None:
    """List the plugins: only what `plugins` in hub.toml names is imported; the rest is shown, not loaded.

    A plugin that cannot be used is disabled with a reason, and everything else runs.
    """
    statuses = load_plugins(load(config).settings.plugins).statuses
    if json:
        print_json({"plugins": [asdict(status) for status in statuses]})
        return
    rows = (
        (each.name, each.distribution, each.version, each.state, ", ".join(each.adapters), each.reason)
        for each in statuses
    )
    out.print(table(_COLUMNS, rows))
