"""A webhook is taken from who knows the secret, and only for a while."""

import base64
import hmac
import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schakel_client import Event, WebhookRefused, verify
from standardwebhooks import Webhook

OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NEW = "whsec_" + base64.b64encode(b"n" * 32).decode()
NOW = 1_800_000_000
BODY = b'{"type":"feed.advanced","timestamp":"2026-11-23T04:00:00Z","data":{"view":"all","position":7}}'


def signature(secret: str, body: bytes = BODY, sent: str = str(NOW), identifier: str = "msg_1") -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{identifier}.{sent}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()


def headers(*signatures: str, sent: str = str(NOW), identifier: str = "msg_1") -> dict[str, str]:
    return {"Webhook-Id": identifier, "WEBHOOK-TIMESTAMP": sent, "webhook-signature": " ".join(signatures)}


def test_a_signed_event_is_returned() -> None:
    assert verify(BODY, headers(signature(NEW)), NEW, now=NOW) == Event(
        "msg_1", NOW, "feed.advanced", "2026-11-23T04:00:00Z", {"view": "all", "position": 7}
    )


def test_the_example_of_the_specification_verifies() -> None:
    told = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    with pytest.raises(WebhookRefused, match="is signed, but is no event"):
        verify(b'{"test": 2432232314}', told, OLD, now=1614265330)


def test_what_the_library_of_the_specification_signs_verifies() -> None:
    webhook, body = Webhook(NEW), json.dumps({"type": "source.stale", "data": {}})
    from_library = webhook.sign("msg_2", datetime.fromtimestamp(NOW, UTC), body)
    assert verify(body.encode(), headers(from_library, identifier="msg_2"), NEW, now=NOW).type == "source.stale"


@pytest.mark.parametrize("secrets", [[OLD, NEW], (NEW, OLD), [OLD]])
def test_while_secrets_are_exchanged_either_will_do(secrets: Any) -> None:
    signed = headers("v1a,c29tZXRoaW5n", signature(NEW), signature(OLD))
    assert verify(BODY, signed, secrets, now=NOW).data["position"] == 7


REFUSED = {
    "another secret": (BODY, headers(signature(OLD)), "no signature"),
    "another body": (BODY + b" ", headers(signature(NEW)), "no signature"),
    "another id": (BODY, headers(signature(NEW), identifier="msg_2"), "no signature"),
    "another time": (BODY, headers(signature(NEW), sent=str(NOW + 1)), "no signature"),
    "another version": (BODY, headers(signature(NEW).replace("v1,", "v2,")), "no signature"),
    "no version": (BODY, headers(signature(NEW).removeprefix("v1,")), "no signature"),
    "cut signature": (BODY, headers(signature(NEW)[:-1]), "no signature"),
    "odd signature": (BODY, headers("v1,é"), "no signature"),
    "too old": (BODY, headers(signature(NEW, sent=str(NOW - 301)), sent=str(NOW - 301)), "301 s ago"),
    "too early": (BODY, headers(signature(NEW, sent=str(NOW + 301)), sent=str(NOW + 301)), "-301 s ago"),
    "no number": (BODY, headers(signature(NEW, sent="soon"), sent="soon"), "not a number"),
    "huge number": (BODY, headers(signature(NEW, sent="9" * 50), sent="9" * 50), "not a number"),
    "no signature": (BODY, {"webhook-id": "1", "webhook-timestamp": "1"}, "no header webhook-signature"),
    "nothing": (BODY, {}, "no header webhook-id"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_another_is_refused_with_a_reason_that_holds_no_secret(name: str) -> None:
    body, told, reason = REFUSED[name]
    with pytest.raises(WebhookRefused, match=reason) as refused:
        verify(body, told, NEW, now=NOW)
    assert NEW[8:] not in str(refused.value)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"null", b'{"type":1,"data":3}', b"\xff", b"[" * 100_000])
def test_a_signed_body_that_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(WebhookRefused, match="is no event"):
        verify(body, headers(signature(NEW, body)), NEW, now=NOW)


@pytest.mark.parametrize("secrets", [[], "", "whsec_", "whsec_###", ["whsec_é", NEW]])
def test_a_secret_that_is_none_is_a_mistake_and_not_shown(secrets: Any) -> None:
    with pytest.raises(ValueError, match="secret") as mistake:
        verify(BODY, headers(signature(NEW)), secrets, now=NOW)
    assert "###" not in str(mistake.value)


@given(place=st.integers(0, len(BODY) - 1), bit=st.integers(0, 7))
def test_not_one_bit_may_differ(place: int, bit: int) -> None:
    body = bytearray(BODY)
    body[place] ^= 1 << bit
    with pytest.raises(WebhookRefused):
        verify(bytes(body), headers(signature(NEW)), NEW, now=NOW)
