"""Promises about runs one after another, through the hub's own pipeline and store."""

import time

from hub.pipeline import Outcome, Report
from hub.testing.subject import Subject
from hub.testing.trial import Trial, trial
from hub.testing.verdict import Broken, NotApplicable

TICKS = 12
SECOND = 1.0


def an_unchanged_second_run_is_silent(subject: Subject) -> None:
    """A second run over what has not changed creates, updates and withdraws nothing."""
    stage = subject.new_stage()
    with trial(subject.new_adapter(stage), stage) as hub:
        first, second = _run(hub), _run(hub)
    if first.counts.created == 0:
        raise Broken(
            f"the first run publishes nothing of {first.counts.fetched} records: {_reasons(first)}",
            "see that records become listings that the hub accepts; the reasons say what is wrong.",
        )
    loud = {name: getattr(second.counts, name) for name in ("created", "updated", "absent", "withdrawn", "merged")}
    changed = {name: count for name, count in loud.items() if count and name not in {"merged", "withdrawn"}}
    changed |= {"withdrawn": loud["withdrawn"]} if second.live != first.live and loud["withdrawn"] else {}
    if changed or second.positions:
        told = ", ".join(f"{count} {name}" for name, count in changed.items()) or "something new in the feed"
        raise Broken(
            f"nothing changed at the partner, but the second run has {told}",
            "keep out of payload and listing what differs from one answer to the next: the moment of asking, a place "
            "in the list, counters of views, the order of a set.",
        )


def a_withdrawal_reaches_the_feed(subject: Subject) -> None:
    """What the partner adds, changes and withdraws reaches the feed: a later run ends where a new hub would."""
    stage = subject.new_stage()
    with trial(subject.new_adapter(stage), stage) as hub, trial(subject.new_adapter(stage), stage) as fresh:
        _run(hub)
        before = hub.published()
        ticked = [stage.sandbox.tick() for _ in range(TICKS)]
        if not any(any(counts.values()) for counts in ticked):
            raise NotApplicable(
                "nothing changes when the clock of the sandbox ticks: let Sandbox.tick change something"
            )
        _run(fresh)
        then = fresh.published()
        now = _followed(hub, then)
    if now == before == then:
        raise NotApplicable(f"{TICKS} ticks of the sandbox's clock change nothing of what this adapter publishes")
    kept, missed = set(now) - set(then), set(then) - set(now)
    if kept:
        raise Broken(
            f"{len(kept)} offers that the partner withdrew are still in the feed after two more runs",
            "yield Withdrawal for what the partner says is gone; or read the whole list and end with "
            'Complete(proof, covers="everything"), so that what is absent is gone.',
        )
    if missed or now != then:
        old = sum(now[each] != then[each] for each in now)
        raise Broken(
            f"{len(missed)} offers that the partner added are not in the feed after two more runs"
            if missed
            else f"{old} offers in the feed are not, after two more runs, what a new hub would publish under their ids",
            "let the cursor reach no further than what was read, and overlap a little with the run before; an id must "
            "stay with its item.",
        )


def _followed(hub: Trial, then: dict[str, bytes]) -> dict[str, bytes]:
    """Run until the feed is as it should be, twice at most: what changed in the second of a run may come later."""
    _run(hub)
    if hub.published() != then:
        time.sleep(SECOND)
        _run(hub)
    return hub.published()


def _run(hub: Trial) -> Report:
    report = hub.run()
    if report.outcome is not Outcome.complete:
        raise Broken(
            f"a run against the undisturbed sandbox is {report.outcome.value}: {report.reason}",
            "end with Complete when all was read; the second run continues at the cursor of the first.",
        )
    return report


def _reasons(report: Report) -> str:
    return ", ".join(f"{code} ({count})" for code, count in report.notes.reasons.most_common(5)) or "no reasons"
