"""Signatures, pauses and verdicts, as Standard Webhooks says them."""

import base64
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from standardwebhooks import Webhook, WebhookVerificationError

from hub.errors import StoreError
from hub.push import ASKABLE, EVENTS, PAUSES, Answer, Vault, body, headers, judge, new_secret, new_token, proves
from hub.store.keys.data_key import add_key, make_key, read_keys
from hub.store.push import ENDPOINT_VERIFY
from hub.store.push.errands import Errand
from hub.web.webhooks.words import Registration

ERRAND = Errand(
    subscriber="sub_1", epoch=1, delivery=1, tries=0, due=0.0, event="msg_1", type="feed.advanced", data={}, made="",
    url="https://portal.example/", view="all", key=None, state="active", failing_since=None, secrets=(),
)  # fmt: skip
DAY = 86400.0


def test_a_secret_is_32_random_bytes() -> None:
    secret = new_secret()
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert new_secret() != secret


def test_what_is_signed_verifies_and_what_is_changed_does_not() -> None:
    secret, said = new_secret(), body("feed.advanced", "2026-11-22T18:00:00Z", {"view": "all", "position": 7})
    signed = headers([secret], "msg_1", int(time.time()), said)
    assert Webhook(secret).verify(said, signed)["data"]["position"] == 7
    for wrong in (said.replace(b"7", b"8"), said + b" "):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(wrong, signed)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(said, signed)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(said, {**signed, "webhook-id": "msg_2"})


def test_while_secrets_rotate_both_verify() -> None:
    old, new, said = new_secret(), new_secret(), b"{}"
    signed = headers([new, old], "msg_1", int(time.time()), said)
    assert all(Webhook(secret).verify(said, signed) == {} for secret in (old, new))


def test_a_body_stays_below_20_kilobytes() -> None:
    with pytest.raises(ValueError, match="is not below 20,000"):
        body("feed.advanced", "2026-11-22T18:00:00Z", {"view": "x" * 20_000})


def test_the_pauses_are_those_of_the_specification() -> None:
    said = [0, 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600]
    assert list(PAUSES) == said
    assert sum(PAUSES) == 75 * 3600 + 35 * 60 + 5


@pytest.mark.parametrize("lot", [0.0, 1.0])
def test_a_failure_is_tried_again_after_its_pause_until_all_are_used_up(lot: float) -> None:
    for tries in range(9):
        outcome = judge(replace(ERRAND, tries=tries), Answer(2.0, 500), 100.0, lot).outcome
        assert outcome.state == "waiting"
        assert outcome.next_try == pytest.approx(102 + PAUSES[tries + 1] * (1 + 0.1 * lot))
    assert judge(replace(ERRAND, tries=9), Answer(2.0, 500), 100.0, lot).outcome.state == "failed"


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_only_2xx_is_a_success(status: int) -> None:
    assert judge(replace(ERRAND, failing_since=1.0), Answer(0.1, status), 100.0, 0.5).outcome.state == "delivered"


@pytest.mark.parametrize("status", [None, 101, 300, 301, 302, 304, 307, 308, 400, 401, 404, 429, 500, 503])
def test_everything_else_is_a_failure_and_says_why(status: int | None) -> None:
    verdict = judge(ERRAND, Answer(0.1, status), 100.0, 0.5)
    assert (verdict.outcome.state, verdict.outcome.failing_since, verdict.disabled) == ("waiting", 100.0, None)
    assert verdict.outcome.error


def test_gone_disables_at_once() -> None:
    verdict = judge(ERRAND, Answer(0.1, 410), 100.0, 0.5)
    assert verdict.outcome.state == "given-up"
    assert "410" in str(verdict.disabled)


@pytest.mark.parametrize(("since", "disabled"), [(100.0 - 4.9 * DAY, False), (100.0 - 5 * DAY, True)])
def test_five_days_of_failing_disable(since: float, disabled: bool) -> None:
    assert bool(judge(replace(ERRAND, failing_since=since), Answer(0.0, 500), 100.0, 0.5).disabled) is disabled


@pytest.mark.parametrize(
    ("status", "asked", "pause"),
    [(429, 60.0, 60), (503, 3600.0, 3600), (503, 9 * DAY, DAY), (503, 1.0, 5), (500, 60.0, 5)],
)
def test_a_wait_that_is_asked_for_is_kept_within_reason(status: int, asked: float, pause: float) -> None:
    assert judge(ERRAND, Answer(0.0, status, asked=asked), 100.0, 0.0).outcome.next_try == 100 + pause


@pytest.mark.parametrize("said", [b"abc", b" abc\n", b'{"challenge":"abc"}', b' {"challenge": "abc", "more": 1}'])
def test_a_challenge_is_echoed_as_text_or_json(said: bytes) -> None:
    assert proves(said, "abc")


@pytest.mark.parametrize("said", [b"", b"ab", b"abcd", b'"abc"', b"{", b"{}", b'{"challenge":1}', b'["abc"]', b"\xff"])
def test_anything_else_proves_nothing(said: bytes) -> None:
    assert not proves(said, "abc")


def test_who_proves_itself_is_asked_a_few_times_and_never_disabled_for_it() -> None:
    asking = replace(ERRAND, type=ENDPOINT_VERIFY, data={"challenge": "abc"}, state="pending")
    assert judge(asking, Answer(0.1, 200, body=b"abc"), 100.0, 0.5).outcome.state == "delivered"
    assert "without the challenge" in str(judge(asking, Answer(0.1, 200, body=b"ok"), 100.0, 0.5).outcome.error)
    assert judge(asking, Answer(0.1, 410), 100.0, 0.5).disabled is None
    assert judge(replace(asking, tries=2), Answer(0.1, 500), 100.0, 0.5).outcome.state == "failed"


def test_every_type_that_can_be_asked_for_may_be_registered() -> None:
    said = Registration(url="https://portal.example/", events=list(ASKABLE))  # type: ignore[arg-type]
    assert tuple(said.events) == ASKABLE == tuple(kind for kind in EVENTS if not kind.startswith("endpoint."))


def test_what_is_sealed_is_read_with_its_key_or_an_older_one_and_no_other(tmp_path: Path) -> None:
    first, second = Fernet.generate_key(), Fernet.generate_key()
    sealed = Vault([first]).seal("whsec_geheim")
    assert b"geheim" not in sealed
    assert Vault([second, first]).open(sealed) == "whsec_geheim"
    with pytest.raises(StoreError, match="put the right file back"):
        Vault([second]).open(sealed)


def test_the_key_file_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "secret.key"
    with pytest.raises(StoreError, match="is missing"):
        read_keys(file)
    make_key(file)
    made = read_keys(file)
    make_key(file)
    assert (read_keys(file), file.stat().st_mode & 0o777) == (made, 0o600)
    assert list(tmp_path.iterdir()) == [file]


def test_a_new_key_stands_above_the_others(tmp_path: Path) -> None:
    file = tmp_path / "secret.key"
    make_key(file)
    (old,) = read_keys(file)
    sealed = Vault([old]).seal("whsec_geheim")
    add_key(file)
    new, second = read_keys(file)
    assert (second, file.stat().st_mode & 0o777, list(tmp_path.iterdir())) == (old, 0o600, [file])
    assert Vault([new]).open(Vault([new, old]).reseal(sealed)) == "whsec_geheim"
    with pytest.raises(StoreError, match="put the right file back"):
        Vault([new]).reseal(sealed)


@pytest.mark.parametrize("said", ["", "no key\n", "YWJj\n"])
def test_a_key_file_that_holds_none_is_refused(tmp_path: Path, said: str) -> None:
    (tmp_path / "secret.key").write_text(said)
    with pytest.raises(StoreError, match="holds no keys"):
        read_keys(tmp_path / "secret.key")


@pytest.mark.parametrize("made", [new_token(), ERRAND])
def test_what_holds_a_secret_does_not_show_it(made: Any) -> None:
    hidden = getattr(made, "text", "secrets=")
    assert hidden not in repr(made)
