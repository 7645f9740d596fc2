"""Promises about `fetch` and `check` when the partner answers as it should."""

from random import Random

from hub.adapter import Complete, Duplicate, Incomplete, RawRecord, Refused, Withdrawal
from hub.errors import SourceError
from hub.testing.promises.ids import ids_by_payload
from hub.testing.subject import SEED, Subject
from hub.testing.trouble import TROUBLES, repeating
from hub.testing.verdict import Broken, NotApplicable
from hub.testing.visit import ENDLESS, Visiting, check, visit

ROOM = 100
_WORDS = (RawRecord, Withdrawal, Duplicate, Refused, Complete, Incomplete)
_LONGEST_SENTENCE = 500


def fetch_ends_with_one_end(subject: Subject) -> None:
    """`fetch` yields records, withdrawals, duplicates and refusals, and as its last word one Complete or Incomplete."""
    fetched = subject.plain.fetched
    strange = next((each for each in fetched if not isinstance(each, _WORDS)), None)
    ends = [number for number, each in enumerate(fetched, 1) if isinstance(each, Complete | Incomplete)]
    advice = "yield Complete(proof) or Incomplete(reason) once, as the very last thing, on every way out of fetch."
    if strange is not None:
        raise Broken(f"fetch yields a {type(strange).__name__}", f"yield only the words of hub.Fetched; {advice}")
    if ends != [len(fetched)]:
        raise Broken(f"of {len(fetched)} words, those at {ends or 'no place'} are an end", advice)


def complete_has_a_proof(subject: Subject) -> None:
    """An undisturbed fetch ends with Complete, and its proof is a sentence that says what shows that all was read."""
    end = subject.whole.end
    proof = end.proof if isinstance(end, Complete) else ""
    if len(proof.split()) < 3 or "\n" in proof:
        raise Broken(
            f"the proof of Complete is {proof!r}",
            "say in one sentence what proves it, with the figures: “3,204 records read, the total the partner states.”",
        )


def check_says_one_sentence(subject: Subject) -> None:
    """`check` returns one sentence of what answered, with no more requests than a fetch."""
    subject.stage.begin()
    found = check(subject.new_adapter(), subject.stage)
    if found.error is not None or found.endless:
        raise Broken(f"check of an undisturbed sandbox {found.outcome}", "ask for something small that always answers.")
    said = found.said
    if not isinstance(said, str) or not said.strip() or "\n" in said or len(said) > _LONGEST_SENTENCE:
        raise Broken(f"check returned {said!r}", "return one line of text that says who answered, and with what.")
    if len(found.asked) > max(len(subject.plain.asked), 3):
        raise Broken(
            f"check asked {len(found.asked)} times, a whole fetch {len(subject.plain.asked)} times",
            "let check ask for a token and one record or page, and nothing more.",
        )


def check_raises_what_is_wrong(subject: Subject) -> None:
    """`check` raises SourceError when the partner refuses, fails or answers something else; never is all well then."""
    for trouble in (TROUBLES["wrong_credentials"], TROUBLES["server_error"], TROUBLES["html"]):
        subject.stage.begin(trouble.answer)
        try:
            found = check(subject.new_adapter(), subject.stage)
        finally:
            subject.stage.begin()
        if not isinstance(found.error, SourceError):
            happened = found.outcome if found.error else f"returned {found.said!r}"
            raise Broken(
                f"when the partner {trouble.says}, check {happened}",
                "let the errors of the client through, and raise UnexpectedAnswer when the answer is not what is due.",
            )


def paging_ends(subject: Subject) -> None:
    """Reading ends: after a bounded number of requests, and also when the partner sends the same page for ever."""
    usual = len(subject.whole.asked)
    stage = subject.new_stage()
    most = 10 * usual + ROOM
    stage.begin(repeating())
    found = visit(subject.new_adapter(stage), stage, Visiting(most=min(most, ENDLESS)))
    if found.endless:
        raise Broken(
            f"when every page is the first one again, fetch asks {most} times and goes on; usually it asks {usual}",
            "stop when a page brings no id that is new, end with Incomplete, and bound the number of pages; the paging "
            "objects of hub do both.",
        )
    if found.error is not None and not isinstance(found.error, SourceError):
        raise Broken(
            f"when every page is the first one again, fetch {found.outcome}",
            "end with Incomplete, or raise UnexpectedAnswer.",
        )
    if isinstance(found.end, Complete) and set(subject.whole.words) - set(found.words):
        raise Broken(
            f"when every page is the first one again, fetch {found.outcome} of {len(subject.whole.records):,}",
            "compare what came with the partner's own total, or with the end of its paging, before saying Complete.",
        )


def the_order_of_the_list_does_not_matter(subject: Subject) -> None:
    """A list that the partner sends in another order gives the same records."""
    usual, stage = subject.whole, subject.new_stage()
    if not stage.sandbox.shuffle(Random(SEED)):  # noqa: S311 - an order, not a secret
        raise NotApplicable("the sandbox cannot list in another order: override Sandbox.shuffle")
    found = visit(subject.new_adapter(stage), stage)
    told, before = ids_by_payload(found.records), ids_by_payload(usual.records)
    for payload in told.keys() & before.keys():
        if told[payload] != before[payload]:
            raise Broken(
                f"the same item has the id {min(before[payload])!r}, and {min(told[payload])!r} when the partner lists "
                "in another order",
                "use the partner's own id, never a position in the list or a number that fetch counts.",
            )
    if found.words != usual.words:
        lost = sorted(set(usual.words) - set(found.words)) or sorted(set(found.words) - set(usual.words))
        raise Broken(
            f"in another order the list gives other words, for example about {lost[0][1] if lost else 'some'!r}; "
            f"fetch {found.outcome}",
            "do not rely on the order of a list: not for where it ends, nor for which of two items counts.",
        )


def nothing_goes_round_the_client(subject: Subject) -> None:
    """`fetch` and `check` reach the partner through `job.connect()` only: no socket, no resolver, no process."""
    subject.stage.begin()
    checked = check(subject.new_adapter(), subject.stage)
    for what, seen in (("fetch", subject.visit().round_the_client), ("check", checked.round_the_client)):
        if seen:
            raise Broken(
                f"{what} goes round the client: {seen[0]}",
                "ask through the client of job.connect(): it bounds time and size, keeps to the addresses that are "
                "allowed, retries, and archives what comes.",
            )
