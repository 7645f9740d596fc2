"""`hub sandbox`: the made-up partners, by themselves."""

from typing import Annotated

import typer

from hub.app.calling import caller
from hub.app.hub import Hub
from hub.app.sandboxes import require_server
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import err, out, print_json, table
from hub.cli.waiting import ending
from hub.config import load
from hub.errors import ConfigError
from hub.testing import combined, serve

app = typer.Typer(
    add_completion=False, help="Start the made-up partners, or move their clock.", invoke_without_command=True
)

Port = Annotated[int | None, typer.Option(help="Port of the sandboxes; the configured one by default.")]


@app.callback()
def sandbox(context: typer.Context, config: Folder = CONFIG, port: Port = None) -> None:
    """Serve the sandboxes of the sources with `sandbox = true` until Ctrl-C, each under the name of its adapter.

    In another terminal: `hub run` pulls from them, `hub sandbox tick` adds, edits and withdraws some.
    """
    if context.invoked_subcommand is not None:
        return
    with Hub.open(config) as hub:  # only to look: the store is free again before anything is served
        sandboxes, chosen = hub.sandboxes.by_adapter, port or hub.config.settings.sandbox.port
    names = ", ".join(sandboxes) or "none, as no source has `sandbox = true`"
    try:
        with serve(combined(sandboxes), chosen) as address, ending() as ended:
            err.print(f"Sandboxes at {address}: {names}. Ctrl-C ends them.", soft_wrap=True)
            ended.wait()
            err.print("Stopping.")
    except OSError as error:
        raise ConfigError(f"port {chosen} of 127.0.0.1 cannot be had ({error.strerror}); choose one: --port") from error


@app.command()
def tick(config: Folder = CONFIG, port: Port = None, json: Json = False) -> None:
    """Move the clock of running sandboxes: some openings are added, some edited, some withdrawn."""
    chosen = port or load(config).settings.sandbox.port
    address = f"http://127.0.0.1:{chosen}"
    require_server(address)
    with caller(address) as client:
        moved = client.post(f"{address}/tick").json()
    if json:
        print_json(moved)
    else:
        columns = ("added", "edited", "withdrawn")
        rows = ((name, *(counts[column] for column in columns)) for name, counts in moved.items())
        out.print(table(("sandbox", *columns), rows, numbers=columns))
