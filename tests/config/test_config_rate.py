"""A rate is written as people say it, and a mistake in it is told with an example."""

from pathlib import Path

import pytest

from hub.adapter import Rate
from hub.config.files import read_source
from hub.config.rate import read_rate
from hub.errors import ConfigError

SOURCE = 'adapter = "vdab"\npartner = "VDAB"\nowner = "integrations@example.org"\n'


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        ("60/minute", Rate(60, 60)),
        ("5/second", Rate(5, 1)),
        ("1000 per hour", Rate(1000, 3600)),
        ("1000/day", Rate(1000, 86400)),
        ("10 per 2 minutes", Rate(10, 120)),
        ("1 Per Minute", Rate(1, 60)),
    ],
)
def test_a_rate_is_read(written: str, rate: Rate) -> None:
    assert read_rate(written) == rate


@pytest.mark.parametrize(
    "written", ["", "60", "fast", "0/minute", "-1/minute", "1.5/second", "5/fortnight", "60/minute;5/second", "9" * 400]
)
def test_what_is_no_rate_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="such as 60/minute or 10 per 2 minutes"):
        read_rate(written)


def test_a_source_tells_its_rate_or_the_mistake_in_it(tmp_path: Path) -> None:
    path = tmp_path / "sources" / "vdab.toml"
    path.parent.mkdir()
    path.write_text(SOURCE + 'rate = "60/minute"\n')
    assert read_source(path).pace == Rate(60, 60)
    path.write_text(SOURCE)
    assert read_source(path).pace is None
    path.write_text(SOURCE + 'rate = "60 a minute"\n')
    with pytest.raises(ConfigError, match='rate = "60 a minute": must be calls per second, minute, hour or day'):
        read_source(path)
