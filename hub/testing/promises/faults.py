"""Promises about `fetch` when the partner fails, at whatever request it begins."""

from collections.abc import Callable

from hub.adapter import Complete
from hub.client.limits import Limits
from hub.errors import SourceError
from hub.testing.subject import Subject
from hub.testing.trouble import TROUBLES, Trouble
from hub.testing.verdict import Broken
from hub.testing.visit import ENDLESS, Visit, Visiting

GRACE_SECONDS = 2.0
FEW = Visiting(limits=Limits(retries=1))
IMPATIENT = Visiting(limits=Limits(request_seconds=0.5, file_seconds=0.5, run_seconds=1.0, retries=1))
TURNS = 3


def a_429_is_waited_for(subject: Subject) -> None:
    """After a 429 the fetch waits as long as Retry-After asks, goes on, and loses nothing."""
    for at in subject.positions():
        found = subject.visit(TROUBLES["too_many"], at=at, times=1)
        if found.words != subject.whole.words or not isinstance(found.end, Complete):
            raise Broken(
                f"after one 429 at {_request(subject, at)} fetch {found.outcome}, usually it has "
                f"{len(subject.whole.records):,}",
                "leave 429 to the client, which waits and asks again; do not catch SourceError around a page.",
            )
        if sum(found.waited) < 1:
            raise Broken(
                f"after a 429 with Retry-After: 1 at {_request(subject, at)} fetch waited {sum(found.waited):.1f} s",
                "ask through the client of job.connect(), which waits as the partner asks.",
            )


def a_partner_that_limits_for_ever_is_unavailable(subject: Subject) -> None:
    """A partner that answers 429 and nothing else is SourceUnavailable, or the fetch ends with Incomplete."""
    _examine(subject, TROUBLES["too_many"])


def refused_credentials_are_told(subject: Subject) -> None:
    """A 401, at whatever request, ends as AuthenticationRejected, so that somebody looks at the secrets."""
    _examine(subject, TROUBLES["wrong_credentials"])


def a_failing_partner_is_unavailable(subject: Subject) -> None:
    """A 500, at whatever request, ends as SourceUnavailable or Incomplete."""
    _examine(subject, TROUBLES["server_error"])


def an_html_page_is_no_data(subject: Subject) -> None:
    """An HTML page with status 200, at whatever request, ends as UnexpectedAnswer or Incomplete."""
    _examine(subject, TROUBLES["html"])


def an_empty_answer_is_no_data(subject: Subject) -> None:
    """An empty body with status 200, at whatever request, ends as UnexpectedAnswer or Incomplete."""
    _examine(subject, TROUBLES["empty"])


def half_a_body_is_no_data(subject: Subject) -> None:
    """A body that is cut off before its declared length, at whatever request, is never taken for the whole."""
    _examine(subject, TROUBLES["half_body"])


def half_a_document_is_no_data(subject: Subject) -> None:
    """A document that stops in the middle, though its length is as declared, is never taken for the whole."""
    _examine(subject, TROUBLES["cut_json"])


def a_slow_partner_is_left_in_time(subject: Subject) -> None:
    """A partner that drips bytes for ever is left at the deadline, two seconds later at most."""

    def in_time(found: Visit, where: str) -> None:
        most = IMPATIENT.limits.run_seconds + GRACE_SECONDS
        if found.seconds > most:
            raise Broken(
                f"with a slow partner at {where} fetch took {found.seconds:.1f} s, the deadline is {most:.1f} s",
                "do not wait or try again in the adapter: no sleep, no loop around SourceError; the client does it.",
            )

    _examine(subject, TROUBLES["slow"], IMPATIENT, in_time)


def _examine(
    subject: Subject,
    trouble: Trouble,
    how: Visiting = FEW,
    also: Callable[[Visit, str], None] = lambda _found, _where: None,
) -> None:
    """Begin the trouble at several requests, and raise Broken where the outcome is not right."""
    bound = Visiting(limits=how.limits, most=min(ENDLESS, TURNS * len(subject.whole.asked) + ENDLESS // 50))
    for at in subject.positions():
        found, where = subject.visit(trouble, at=at, how=bound), _request(subject, at)
        also(found, where)
        if _is_right(found, trouble):
            continue
        expected = " or ".join(error.__name__ for error in trouble.right) + (" or Incomplete" * trouble.incomplete)
        raise Broken(
            f"when the partner {trouble.says} from {where} on, fetch {found.outcome}; {expected} would be right",
            _advice(found),
        )


def _is_right(found: Visit, trouble: Trouble) -> bool:
    if found.error is not None:
        return isinstance(found.error, trouble.right)
    return trouble.incomplete and found.end is not None and not isinstance(found.end, Complete)


def _advice(found: Visit) -> str:
    if found.endless:
        return "do not try again in the adapter; the client does, and gives up at the right moment."
    if found.error is not None and not isinstance(found.error, SourceError):
        return "read answers with answer.json(), and raise UnexpectedAnswer for one that is not what is due."
    if found.error is not None:
        return "let the client's error through as it is: each says who must act."
    return (
        "let SourceError through, or end with Incomplete: what could not be read must never look as if the partner "
        "no longer offers it."
    )


def _request(subject: Subject, at: int) -> str:
    asked = subject.whole.asked
    return f"request {at + 1} of {len(asked)} ({asked[at]})"
