"""A partner that offers files: the sandbox of an adapter that has none of its own."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.testing.sandbox import Sandbox

Versions = bytes | Sequence[bytes]


class Documents(Sandbox):
    """Serves files by their name; a tick brings the next version of each.

    Args:
        files: the content of each file by its name, or its versions in time.
        options: the options of the adapter; ``{address}`` in a text stands for where the files are served.
    """

    def __init__(self, files: Mapping[str, Versions], options: Mapping[str, Any]) -> None:
        super().__init__([Route("/{name:path}", self._file)])
        self._versions = {name: [each] if isinstance(each, bytes) else [*each] for name, each in files.items()}
        self._options = options
        self._moment = 0

    def options(self, address: str) -> dict[str, Any]:
        """Return the options with the address in them."""
        return {name: _addressed(value, address) for name, value in self._options.items()}

    def tick(self) -> Mapping[str, int]:
        """Bring the next version of each file, and count those that have one."""
        self._moment += 1
        return {"edited": sum(self._moment < len(versions) for versions in self._versions.values())}

    async def _file(self, request: Request) -> Response:
        versions = self._versions.get(request.path_params["name"])
        if versions is None:
            return Response("no such file", 404)
        return Response(versions[min(self._moment, len(versions) - 1)], media_type="application/octet-stream")


def _addressed(value: Any, address: str) -> Any:
    if isinstance(value, str):
        return value.replace("{address}", address)
    if isinstance(value, Mapping):
        return dict(_addressed_items(value, address))
    return [_addressed(each, address) for each in value] if isinstance(value, list | tuple) else value


def _addressed_items(table: Mapping[str, Any], address: str) -> Iterator[tuple[str, Any]]:
    return ((name, _addressed(value, address)) for name, value in table.items())
