"""Cron expressions."""

import pytest
from apscheduler.triggers.cron import CronTrigger

from hub.config.cron import checked


@pytest.mark.parametrize(
    "expression",
    [
        "15 */2 * * *",
        "0,30 6-22/4 1-15 * mon-fri",
        "5/10 0 1,15 jan,JUL-sep *",
        "59 23 31 12 sun",
        "0 0 29 2 *",
        "0 0 30,31 1-2 sat,sun",
        "*/59 */23 * * *",
    ],
)
def test_an_expression_that_is_accepted_is_one_the_scheduler_takes(expression: str) -> None:
    assert checked(expression) == expression
    assert CronTrigger.from_crontab(expression, timezone="Europe/Brussels")


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("15 25 * * *", "hour must be 0-23"),
        ("60 * * * *", "minute must be 0-59"),
        ("0 0 0 * *", "day must be 1-31"),
        ("0 0 * 13 *", "month must be 1-12 or jan-dec"),
        ("0 0 * * 1", "weekday must be mon-sun"),
        ("0 0 * * fri-mon", "weekday fri-mon runs backwards"),
        ("0 0 * * mon-fri/2", "a step goes with"),
        ("*/60 * * * *", "the step must be 1-59"),
        ("*/0 * * * *", "the step must be 1-59"),
        ("5-5/1 * * * *", "minute has no steps"),
        ("0 0 31 feb,4 *", "a day that exists"),
        ("0 0 * *", "must be five fields"),
        ("@daily", "must be five fields"),
        ("1- * * * *", "minute must be \\*, a value, a range"),
        ("\u0661 * * * *", "minute must be"),
        ("", "must be five fields"),
    ],
)
def test_a_wrong_field_is_named_with_what_it_may_be(expression: str, allowed: str) -> None:
    with pytest.raises(ValueError, match=allowed):
        checked(expression)


def test_spaces_around_and_between_fields_do_not_matter() -> None:
    assert checked(" 0  6\t* * * ") == "0 6 * * *"
