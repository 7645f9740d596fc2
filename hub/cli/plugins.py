"""`hub plugins`: what is installed, what is allowed, how good it is, and why one is disabled."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from hub.app.grading import Graded, grade_plugins
from hub.app.plugins import load_plugins
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_json, table
from hub.cli.progress import counted
from hub.config import load

app = typer.Typer(add_completion=False)

_COLUMNS = ("plugin", "distribution", "version", "state", "brings", "reason")
_TIERS = ("adapter", "tier", "next rule to meet", "what is missing")


@app.command()
def plugins(
    config: Folder = CONFIG,
    tiers: Annotated[
        bool,
        typer.Option("--tiers/--no-tiers", help="Show how good each adapter is; the first time takes seconds each."),
    ] = True,
    again: Annotated[bool, typer.Option("--again", help="Examine every adapter again.")] = False,
    json: Json = False,
) -> None:
    """List the plugins and the quality tier of each adapter: bronze works, silver is safe, gold is cared for.

    Only what `plugins` in hub.toml names is imported; the rest is shown, not loaded. A plugin that cannot be used is
    disabled with a reason, and everything else runs. Tiers are computed: every promise of the conformance kit is
    examined on the adapter's sandbox and recordings, and its README, options, tables and runs are looked at.
    """
    loaded = load(config)
    found = load_plugins(loaded.settings.plugins)
    graded: list[Graded] = []
    if tiers:
        with counted("examining adapters") as progress:
            graded = grade_plugins(loaded, found, again=again, progress=progress)
    if json:
        print_json(
            {"plugins": [asdict(status) for status in found.statuses], "tiers": [_described(each) for each in graded]}
        )
        return
    rows = (
        (
            each.name,
            each.distribution,
            each.version,
            each.state,
            ", ".join((*each.adapters, *each.formats)),
            each.reason,
        )
        for each in found.statuses
    )
    out.print(table(_COLUMNS, rows))
    if graded:
        out.print()
        out.print(table(_TIERS, map(_row, graded)))


def _row(graded: Graded) -> tuple[object, ...]:
    tier = graded.grade.tier.value if graded.grade.tier else "none yet"
    if not graded.grade.missing:
        return graded.adapter, tier, "", ""
    rule, said = graded.grade.missing[0]
    return graded.adapter, tier, rule.name, said


def _described(graded: Graded) -> dict[str, Any]:
    missing = [{"rule": rule.name, "tier": rule.tier.value, "said": said} for rule, said in graded.grade.missing]
    return {"adapter": graded.adapter, "tier": graded.grade.tier and graded.grade.tier.value, "missing": missing}
