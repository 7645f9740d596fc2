"""What is kept of a question tells questions apart and holds no secret."""

import httpx
import orjson
import pytest

from hub.clean.secrets import is_secret_name
from hub.client.fingerprint import fingerprint, kept_headers

URL = httpx.URL("https://api.example/v1/jobs?page=1")


def test_method_path_query_and_body_tell_questions_apart() -> None:
    asked = [
        fingerprint("GET", URL),
        fingerprint("POST", URL),
        fingerprint("GET", httpx.URL("https://api.example/v1/other?page=1")),
        fingerprint("GET", httpx.URL("https://api.example/v1/jobs?page=2")),
        fingerprint("POST", URL, b'{"ids":[1]}'),
        fingerprint("POST", URL, b'{"ids":[2]}'),
    ]
    assert len(set(asked)) == len(asked)


def test_the_host_is_no_part_of_a_question() -> None:
    assert fingerprint("GET", URL) == fingerprint("GET", httpx.URL("http://127.0.0.1:8001/v1/jobs?page=1"))


@pytest.mark.parametrize("name", ["api_key", "key", "access_token", "client_secret", "apikey", "X-Api-Key", "sig"])
def test_a_secret_in_the_query_leaves_no_trace(name: str) -> None:
    one, other = (fingerprint("GET", httpx.URL(f"https://api.example/jobs?{name}={value}")) for value in "ab")
    assert one == other


def test_a_secret_in_the_body_leaves_no_trace() -> None:
    one, other = (
        fingerprint("POST", URL, orjson.dumps({"auth": {"password": value}, "page": 1})) for value in ("a", "b")
    )
    assert one == other
    assert one != fingerprint("POST", URL, orjson.dumps({"auth": {"password": "a"}, "page": 2}))


@pytest.mark.parametrize("name", ["nextPageToken", "continuation_token", "page", "code", "tokens"])
def test_a_place_in_a_list_is_no_secret(name: str) -> None:
    assert not is_secret_name(name)


def test_only_the_headers_a_replay_needs_are_kept_and_no_secret_in_them() -> None:
    kept = kept_headers(
        {
            "Content-Type": "application/json",
            "Set-Cookie": "session=1",
            "Authorization": "Bearer x",
            "Link": '<https://api.example/jobs?api_key=canary&page=2>; rel="next", </jobs?page=1>; rel="prev"',
        }
    )
    assert set(kept) == {"content-type", "link"}
    assert kept["link"] == '<https://api.example/jobs?api_key=&page=2>; rel="next", </jobs?page=1>; rel="prev"'
