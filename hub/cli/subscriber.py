"""`hub subscriber`: who receives webhooks, and what became of those."""

from typing import Annotated

import typer

from hub.app import subscribing
from hub.app.hub import Hub
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_json, table
from hub.store.keys.data_key import FILE
from hub.store.push.subscribers import SubscriberRow
from hub.web.webhooks.words import shown, shown_deliveries

app = typer.Typer(
    add_completion=False, help="Look after who receives webhooks, and what became of those.", no_args_is_help=True
)

_SHOWN = 20
_COLUMNS = ("id", "state", "view", "address")

Named = Annotated[str, typer.Argument(help="Id of the subscriber, as `hub subscriber list` gives it.")]


@app.command(name="list")
def list_subscribers(config: Folder = CONFIG, json: Json = False) -> None:
    """List who receives webhooks: at which address, about which view, and whether it works."""
    with Hub.open(config) as hub:
        found = subscribing.find(hub)
    if json:
        print_json({"subscribers": [shown(row) for row in found]})
        return
    if not found:
        out.print("nobody receives webhooks; portals register at /webhooks, or `hub subscriber add` does it here")
        return
    out.print(table(_COLUMNS, [(row.id, _state(row), row.wanted.view, row.wanted.url) for row in found]))


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="Where to send to, such as https://portal.example.org/hooks.")],
    view: Annotated[str, typer.Option(help="The view it follows.")] = "all",
    event: Annotated[
        list[str] | None, typer.Option(help="What it is told of; may be given several times. The feed by default.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="Id of the access key that opens the view, where one is needed.")
    ] = None,
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Add a subscriber. Its secret and token are shown now, and never again; nothing is sent before it is enabled.

    Its holder has the address prove itself with the token, as docs/how-to/receive-webhooks.md tells; or `hub subscriber
    enable` enables it on your word. Example: `hub subscriber add https://portal.example.org/hooks --view vacancies`.
    """
    with Hub.open(config) as hub:
        made = subscribing.add(hub, url, view=view, events=event or ["feed.advanced"], key=key)
    if json:
        print_json(made.as_dict())
        return
    out.print(f"[bold]{made.row.id}[/]  {made.row.wanted.url}", highlight=False)
    out.print(f"secret  {made.secret}\ntoken   {made.token}", markup=False, highlight=False, soft_wrap=True)
    out.print("give both to who runs that address, over a safe way; they are shown this once")


@app.command()
def show(subscriber: Named, config: Folder = CONFIG, json: Json = False) -> None:
    """Show a subscriber and its newest deliveries: what was answered, and when a failed one is tried again."""
    with Hub.open(config) as hub:
        found = subscribing.show(hub, subscriber, _SHOWN)
    if json:
        print_json(found.as_dict())
        return
    row = found.row
    out.print(f"[bold]{row.id}[/]  {_state(row)}  {row.wanted.url}", highlight=False)
    out.print(f"follows {row.wanted.view}; is told of {', '.join(row.wanted.events)}; registered {row.created}")
    said = shown_deliveries(found.deliveries, found.attempts)
    rows = [
        (each["id"], each["event"]["timestamp"], each["event"]["type"], each["state"], each["tries"], _about(each))
        for each in said
    ]
    if rows:
        out.print(table(("delivery", "made", "event", "state", "tries", ""), rows, numbers=("tries",)))


@app.command()
def enable(subscriber: Named, config: Folder = CONFIG, json: Json = False) -> None:
    """Send to a subscriber from here on: one that was disabled, or whose address you vouch for."""
    with Hub.open(config) as hub:
        _tell(subscribing.enable(hub, subscriber), json=json)


@app.command()
def disable(
    subscriber: Named,
    why: Annotated[str, typer.Option(help="Why, in a few words; its holder can read it.")] = "by the operator",
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Send nothing more to a subscriber, until you enable it: its holder cannot."""
    with Hub.open(config) as hub:
        _tell(subscribing.disable(hub, subscriber, why), json=json)


@app.command()
def replay(
    subscriber: Named,
    delivery: Annotated[int, typer.Argument(help="Number of the delivery, as `hub subscriber show` gives it.")],
    config: Folder = CONFIG,
) -> None:
    """Have a delivery sent once more, under the same id, by the hub that serves."""
    with Hub.open(config) as hub:
        subscribing.replay(hub, subscriber, delivery)
    out.print(f"delivery {delivery} is sent once more as soon as the hub serves")


@app.command()
def remove(subscriber: Named, config: Folder = CONFIG, json: Json = False) -> None:
    """Forget a subscriber, with all that it was sent."""
    with Hub.open(config) as hub:
        row = subscribing.remove(hub, subscriber)
    if json:
        print_json(shown(row))
        return
    out.print(f"{row.id} is forgotten; nothing more is sent to {row.wanted.url}", highlight=False)


@app.command()
def reseal(config: Folder = CONFIG, json: Json = False) -> None:
    """Encrypt the stored secrets with a new key, as when somebody may have seen the file `secret.key`.

    All of them or none; portals notice nothing. The new key is the first line of the file; the lines below it are
    needed by older backups only, and `hub check` says whether that is so.
    """
    with Hub.open(config) as hub:
        count, file = subscribing.reseal(hub), hub.data / FILE
    if json:
        print_json({"secrets": count, "file": str(file)})
        return
    out.print(f"encrypted with a new key, the first line of {file}: {count:,}", highlight=False, soft_wrap=True)
    out.print(
        "Keep a copy of the file elsewhere; the lines below are needed by backups of before only, and may go when you "
        "need none of these",
        soft_wrap=True,
    )


def _tell(row: SubscriberRow, *, json: bool) -> None:
    if json:
        print_json(shown(row))
        return
    out.print(f"{row.id} is {_state(row)}", highlight=False)


def _state(row: SubscriberRow) -> str:
    return f"{row.state}: {row.why}" if row.why else row.state


def _about(said: dict[str, object]) -> str:
    again = f"; again at {said['nextTry']}" if said["tries"] and "nextTry" in said else ""
    return f"{said.get('error', said.get('status', ''))}{again}"
