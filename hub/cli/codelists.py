"""`hub codelists`: the code lists that occupations, skills and partners' codes are looked up in."""

from pathlib import Path
from typing import Annotated

import typer

from hub.app.codelists import Listed, forget, listed, load_crosswalk, load_esco, look_up
from hub.app.hub import Hub
from hub.cli import FAILED
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import complain, out, print_json, table
from hub.cli.progress import counted

app = typer.Typer(
    add_completion=False,
    help="Import the code lists that occupations, skills and partners' codes are looked up in.",
    no_args_is_help=True,
)
importing = typer.Typer(
    add_completion=False, help="Import a code list, in place of the one there was.", no_args_is_help=True
)
app.add_typer(importing, name="import")

Name = Annotated[str, typer.Argument(help="Name of the list, as `hub codelists list` shows it.")]


@importing.command(name="esco")
def import_esco(
    place: Annotated[Path, typer.Argument(help="Folder, or zip file, of the official CSV download.")],
    version: Annotated[str | None, typer.Option(help="Version of ESCO; by default what the name says.")] = None,
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Import ESCO, the European classification of occupations and skills, in every language that is there.

    Takes the files of the official CSV download: `occupations_nl.csv`, `skills_nl.csv`, `ISCOGroups_nl.csv`, the same
    of other languages, in a folder, in zip files in a folder, or in one zip file. The old list stays until all is read.
    """
    with Hub.open(config) as hub, counted("reading files of ESCO") as tell:
        done = load_esco(hub, place, version=version, progress=tell)
    _say_imported(done, json=json)


@importing.command(name="crosswalk")
def import_crosswalk(
    file: Annotated[Path, typer.Argument(help="CSV file with the columns from and to, and confidence if you like.")],
    source: Annotated[str, typer.Option("--from", help="Scheme of the codes in from, such as partner:vdab.")],
    target: Annotated[str, typer.Option("--to", help="Scheme of the codes in to, such as isco-08 or esco.")],
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Import what a partner's own occupation codes are in another scheme.

    A code that leads to several is ambiguous, and left out. Partners' codes stay published beside what they lead to.
    """
    with Hub.open(config) as hub:
        done = load_crosswalk(hub, file, source=source, target=target)
    _say_imported(done, json=json)


@app.command(name="list")
def list_all(config: Folder = CONFIG, json: Json = False) -> None:
    """Show which code lists are imported, with their languages and dates."""
    with Hub.open(config) as hub:
        found = listed(hub)
    if json:
        print_json({"codelists": [each.as_dict() for each in found]})
    elif not found:
        out.print("no code list is imported; partners' own codes are published as they are")
    else:
        rows = [
            (each.name, each.about.get("version"), each.entries, " ".join(each.languages), each.about["imported"][:10])
            for each in found
        ]
        out.print(table(("list", "version", "entries", "languages", "imported"), rows, numbers=("entries",)))


@app.command()
def show(name: Name, config: Folder = CONFIG, json: Json = False) -> None:
    """Show what one code list holds, and whether its file is as it was written; exit code 1 when it is not."""
    with Hub.open(config) as hub:
        found = look_up(hub, name)
    if json:
        print_json(found.as_dict())
    else:
        _print_one(found)
    if not found.intact:
        complain(f"the file of {name} is damaged; remove the list and import it again")
        raise typer.Exit(FAILED)


@app.command()
def remove(name: Name, config: Folder = CONFIG) -> None:
    """Remove a code list; the next run of each source reads every record anew, without it."""
    with Hub.open(config) as hub:
        forget(hub, name)
    out.print(f"removed {name}; the next run of each source reads every record anew")


def _say_imported(done: Listed, *, json: bool) -> None:
    if json:
        print_json(done.as_dict())
        return
    _print_one(done)
    out.print("\nthe next run of each source reads every record anew")


def _print_one(found: Listed) -> None:
    about = found.about
    version = f" {about['version']}" if about.get("version") else ""
    out.print(f"{found.name}{version}, imported {about['imported']}, {found.size / 1e6:,.1f} MB, {about['digest']}\n")
    if about["list"] == "crosswalk":
        counts = about["counts"]
        out.print(f"{counts['codes']:,} codes of {about['from']} to {about['to']}", highlight=False)
        if counts["ambiguous"]:
            out.print(f"{counts['ambiguous']:,} codes lead to several, and are left out", highlight=False)
        return
    languages = sorted({language for each in about["counts"].values() for language in each})
    rows = [(language, *(each.get(language) for each in about["counts"].values())) for language in languages]
    out.print(table(("language", *about["counts"]), rows, numbers=tuple(about["counts"])))
