"""Names that an offer has elsewhere."""

import pytest

from hub.model.reference import named_reference


@pytest.mark.parametrize(
    ("partner", "local_id", "named"),
    [
        ("VDAB", 68123456, "vdab:68123456"),
        ("Via site Forem", " A-12 ", "via-site-forem:A-12"),
        ("Actiris Bruxelles / Brussel", "a:b", "actiris-bruxelles-brussel:a:b"),
        ("Société Générale", "1", "societe-generale:1"),
        ("VDAB", " ", None),
        ("—", "1", None),
    ],
)
def test_two_who_mean_the_same_name_write_the_same(partner: str, local_id: object, named: str | None) -> None:
    assert named_reference(partner, local_id) == named
