"""JSON is read strictly, and no deeper than what follows can walk through."""

import pytest

from hub.client import PartnerAnswer
from hub.errors import UnexpectedAnswer


def answer(body: bytes) -> PartnerAnswer:
    return PartnerAnswer(200, {"content-type": "application/json"}, body, "GET partner.example/list")


@pytest.mark.parametrize(
    ("body", "came"),
    [
        (b"[" * 65 + b"]" * 65, "JSON nested deeper than 64 levels"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "JSON nested deeper than 64 levels"),
        (b"[" * 100_000 + b"]" * 100_000, "JSON nested deeper than 64 levels"),
        (b"[" * 40 + b'"' + b"]" * 40 + b'",' + b"[" * 40 + b"]" * 80, "JSON nested deeper than 64 levels"),
        (b"[" + b"9" * 5000 + b"]", "broken JSON (number is infinity"),
        (b"[1e400]", "broken JSON (number is infinity"),
        (b"[NaN]", "broken JSON"),
        (b"[Infinity]", "broken JSON"),
        (b'["\\ud800"]', "broken JSON (no low surrogate"),
        ('["café"]'.encode("latin-1"), "broken JSON (str is not valid UTF-8"),
        ('["café"]'.encode("utf-16"), "application/json"),
    ],
)
def test_what_is_not_sound_json_is_refused(body: bytes, came: str) -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        answer(body).json()
    assert f"the partner sent {came}" in str(caught.value)


def test_what_is_as_deep_as_allowed_is_read() -> None:
    assert str(answer(b"[" * 64 + b"]" * 64).json()) == "[" * 64 + "]" * 64


@pytest.mark.parametrize("body", [b'"[[[["', b'["' + b"[{" * 500 + b'"]', b"1", b"null"])
def test_brackets_in_a_text_are_no_levels(body: bytes) -> None:
    assert answer(body).json() in ("[[[[", ["[{" * 500], 1, None)


def test_of_a_key_that_is_there_twice_the_last_value_counts() -> None:
    assert answer(b'{"id": 1, "id": 2}').json() == {"id": 2}


def test_an_integer_beyond_64_bits_becomes_a_float() -> None:
    assert answer(b"[18446744073709551615, 18446744073709551616]").json() == [2**64 - 1, float(2**64)]
