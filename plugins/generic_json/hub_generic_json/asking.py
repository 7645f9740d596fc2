"""Asking for one page: the request of a turn, and what its answer says."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any
from urllib.parse import urljoin

from hub import Answer, Client, JsonValue, Page, RecordError, Turn, UnexpectedAnswer, link_header
from hub_generic_json.changes import FollowedChanges
from hub_generic_json.expressions import find
from hub_generic_json.paging import ByCursor, ByLinkHeader, ByNextLink
from hub_generic_json.settings import Settings
from hub_generic_json.urls import named, with_params

_NOT_FOUND = 404
_SHOWN = 5


class Asking:
    """Asks a partner for the pages of its list, and remembers where it is.

    Args:
        options: of the source.
        client: the door to the partner.
        since: parameters that say from which moment changes are wanted.
    """

    def __init__(self, options: Settings, client: Client, since: Mapping[str, str] | None = None) -> None:
        self._options = options
        self._client = client
        self._since = dict(since or {})
        self.where = named(options.method, options.url)
        self.at: str | None = None
        """The address or cursor of the page that came last."""
        self.onward: str | None = None
        """The address or cursor from which the next run goes on."""

    @property
    def url(self) -> str:
        """The address of the list, with the parameters that every request carries in its query."""
        in_query = self._since if self._options.parameters_in == "query" else {}
        return with_params(self._options.url, {**self._options.params, **in_query})

    def page(self, turn: Turn) -> Page:
        """Ask for the page of a turn; raises UnexpectedAnswer where the answer holds no list."""
        answer = self._answer(turn)
        if answer.status == _NOT_FOUND:
            raise UnexpectedAnswer(f"{self.where} answered 404: there is no such list; correct url")
        content = answer.json()
        items = self._found(self._options.records, content)
        if not isinstance(items, list):
            raise UnexpectedAnswer(
                f"{self.where}: no list at '{self._options.records}' in the answer, {_shape(content)}; correct records"
            )
        following = self._following(answer, content)
        self._note(turn, following)
        return Page(items, self._total(content), self._unless_over(items, following))

    def _answer(self, turn: Turn) -> Answer:
        in_body = self._options.parameters_in == "body"
        url = turn.url or with_params(self.url, {} if in_body else dict(turn.params))
        if self._options.method == "GET":
            return self._client.get(url)
        body = deepcopy(self._options.body or {})
        for name, value in {**self._since, **turn.params}.items() if in_body else ():
            _lay(body, name.split("."), self._typed(name, value))
        return self._client.post(url, json=body)

    def _typed(self, name: str, value: str) -> JsonValue:
        """Return a number as a number: sizes, pages and offsets are, cursors and moments are texts."""
        cursor = isinstance(self._options.paging, ByCursor) and name == self._options.paging.parameter
        return int(value) if value.isdecimal() and not cursor and name not in self._since else value

    def _following(self, answer: Answer, content: Any) -> str | None:
        paging = self._options.paging
        if isinstance(paging, ByLinkHeader):
            return link_header(answer)
        if not isinstance(paging, ByNextLink | ByCursor):
            return None
        found = self._found(paging.next, content)
        if isinstance(found, dict | list):
            raise UnexpectedAnswer(f"{self.where}: what follows is not a text at '{paging.next}'; correct paging.next")
        return None if found in (None, "", False) else str(found)

    def _note(self, turn: Turn, following: str | None) -> None:
        paging = self._options.paging
        if isinstance(paging, ByCursor):
            self.at = turn.params.get(paging.parameter)
            self.onward = following or self.at
        elif turn.url:
            self.at = turn.url
            self.onward = _joined(turn.url, following)

    def _unless_over(self, items: list[Any], following: str | None) -> str | None:
        """Return what follows; nothing where a list of changes is over, though its cursor goes on for the next run."""
        resting = isinstance(self._options.paging, ByCursor) and isinstance(self._options.changes, FollowedChanges)
        return None if resting and not items else following

    def _total(self, content: Any) -> int | None:
        found = self._found(self._options.total, content) if self._options.total else None
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def _found(self, expression: str, content: Any) -> Any:
        try:
            return find(expression, content)
        except RecordError as error:
            raise UnexpectedAnswer(f"{self.where}: '{expression}' cannot be read in the answer: {error}") from None


def _joined(url: str, following: str | None) -> str:
    try:
        return urljoin(url, following) if following else url
    except ValueError:  # the reading refuses it in words
        return url


def _lay(body: dict[str, JsonValue], names: list[str], value: JsonValue) -> None:
    """Set a value in a body, making the objects on the way."""
    for name in names[:-1]:
        inner = body.setdefault(name, {})
        if not isinstance(inner, dict):
            inner = body[name] = {}
        body = inner
    body[names[-1]] = value


def _shape(content: Any) -> str:
    if isinstance(content, dict):
        return f"whose fields are {', '.join(list(content)[:_SHOWN]) or 'none'}"
    return f"which is {'a list' if isinstance(content, list) else 'a single value'}"
