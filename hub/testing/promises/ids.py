"""Promises about the partner's ids, on which everything later rests."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from hub.adapter import Complete, Incomplete, RawRecord
from hub.testing.subject import Subject
from hub.testing.verdict import Broken, others
from hub.testing.visit import visit

LONGEST = 500


def ids_are_texts_without_padding(subject: Subject) -> None:
    """Every id is a text that is not empty and has no space around it."""
    for each in subject.plain.fetched:
        if isinstance(each, Complete | Incomplete):
            continue
        local_id = each.local_id
        if local_id is None:  # only of what cannot be read
            continue
        if not isinstance(local_id, str) or not local_id or local_id != local_id.strip() or len(local_id) > LONGEST:
            raise Broken(
                f"{type(each).__name__} has the id {local_id!r}",
                "use the partner's own id as text: str(value).strip(); where there is none, yield "
                'Refused(issue("empty-id"), payload).',
            )


def ids_are_unique(subject: Subject) -> None:
    """Each id is said at most once in a fetch; of two words about one id the hub would keep the first."""
    ids = Counter(
        each.local_id for each in subject.plain.fetched if not isinstance(each, Complete | Incomplete) and each.local_id
    )
    twice = [local_id for local_id, count in ids.items() if count > 1]
    if twice:
        raise Broken(
            f"the id {twice[0]!r} is said {ids[twice[0]]} times in one fetch{others(len(twice) - 1)}",
            "take the field that tells items apart (the partner's key, not a title or an employer); leave out what a "
            "page repeats.",
        )


def ids_are_stable(subject: Subject) -> None:
    """Two fetches of the same list give the same ids; a new id would be a new offer, and the old one gone."""
    again = subject.visit()
    if again.words != subject.plain.words:
        before, after = set(subject.plain.words), set(again.words)
        changed = sorted((before - after) or (after - before) or {("a word", "said more often")})[0]
        raise Broken(
            f"a second fetch of the same list says something else, for example about {changed[1]!r} ({changed[0]})",
            "use the partner's own id: no position in the list, no time, no hash() and no uuid4().",
        )
    _edited_items_keep_their_ids(subject)


def _edited_items_keep_their_ids(subject: Subject) -> None:
    """Raise Broken when a tick of the sandbox's clock brings more new ids than the sandbox says it added."""
    stage = subject.new_stage()
    before = visit(subject.new_adapter(stage), stage)
    counts = stage.sandbox.tick()
    if "added" not in counts:
        return
    after = visit(subject.new_adapter(stage), stage)
    new = sorted({each.local_id for each in after.records} - {local_id for _, local_id in before.words})
    if len(new) > counts["added"]:
        raise Broken(
            f"after a tick in which the partner added {counts['added']} and edited {counts.get('edited', 0)}, a fetch "
            f"tells {len(new)} new ids, for example {new[-1]!r}",
            "use the partner's own id alone: nothing in it may change when the item is edited, such as its moment of "
            "change, its version or its title; a new id would be a new offer, and the old one gone. Where the sandbox "
            "really adds so many, let its tick return that number as added.",
        )


def ids_by_payload(records: Iterable[RawRecord]) -> Mapping[str, set[str]]:
    """Return the ids under which each payload came."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for record in records:
        found[json.dumps(record.payload, sort_keys=True, default=str)].add(record.local_id)
    return found
