"""`hub serve`: the hub in production: web, schedule and runs in one process."""

import logging
from typing import Annotated

import typer

from hub.app.hub import Hub
from hub.app.publishing import site
from hub.app.serving import Runner
from hub.cli.options import CONFIG, Folder
from hub.cli.output import err
from hub.cli.waiting import hurrying, stoppable
from hub.web import Server
from hub.web import app as web_app

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    config: Folder = CONFIG,
    host: Annotated[
        str | None, typer.Option(help="Network address to listen on; the configured one by default.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; the configured one by default.")] = None,
) -> None:
    """Serve the feed and run every source when it is due, until Ctrl-C or SIGTERM.

    Slots missed while the hub was off run once on return. Several processes may serve one data folder: each slot is run
    by one of them. On SIGTERM runs may finish for `schedule.drain_seconds`; what is ended then runs again on return.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it tells of every tick, and of ticks left out
    with stoppable(), Hub.open(config) as hub:
        settings = hub.config.settings
        server = Server(host=host or settings.host, port=port or settings.port)
        server.bind()
        runner = Runner(hub)
        runner.start()
        err.print(f"Serving {settings.public_url} at {server.address}. Ctrl-C ends it.")
        try:
            server.run(web_app(site(hub)))
        finally:
            err.print("Stopping; runs that are going on may finish. Again ends them.")
            with hurrying(runner.hurry):
                runner.stop()
