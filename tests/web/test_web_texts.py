"""The texts of the pages: the same in three languages, all used, none missing."""

import re
from importlib.resources import files
from string import Formatter
from typing import get_args

from hub.alarms import Kind as AlarmKind
from hub.formats import FORMATS
from hub.pipeline.report import Outcome
from hub.push import EVENTS
from hub.store.push import State as DeliveryState
from hub.store.push.subscribers import State as SubscriberState
from hub.views import Filter
from hub.views.view import Access
from hub.web.negotiation import LANGUAGES, preferred_coding, preferred_language, preferred_type
from hub.web.pages import LANGUAGE_NAMES
from hub.web.pages.facts import FACT_NAMES, INCLUSION_NAMES
from hub.web.pages.texts import catalogue
from hub.web.pages.values import INTENSITIES, amount, money
from hub.web.state import Health, Overall
from hub.web.webhooks.page_words import TROUBLES
from hub.web.webhooks.refusal import REFUSALS

MADE = {
    *(f"fact.{name}" for name in FACT_NAMES),
    *(f"intensity.{name}" for name in INTENSITIES),
    *(f"inclusion.{name}" for name in INCLUSION_NAMES),
    *(f"outcome.{name}" for name in (*Outcome, "running")),
    *(f"overall.{name}" for name in Overall),
    *(f"health.{name}" for name in Health),
    *(f"alarm.{name}" for name in (*AlarmKind, "other") if name != AlarmKind.subscriber_disabled),
    *(f"tier.{name}" for name in ("bronze", "silver", "gold")),
    *(f"span.{name}" for name in ("minutes", "hours", "days")),
    *(f"access.{name}" for name in get_args(Access)),
    *(f"filter.{name}" for name in Filter.model_fields),
    *(f"format.{each.name}" for each in FORMATS),
    "format.parquet",
    *(f"event.{name}" for name in EVENTS),
    *(f"state.{name}" for name in get_args(SubscriberState)),
    *(f"delivery.{name}" for name in (*get_args(DeliveryState), "again")),
    *(f"trouble.{name}" for _, name in TROUBLES),
    *(f"refused.{name}" for name in (*REFUSALS, "url_wrong", "events_wrong")),
    *(f"notice.{name}" for name in ("asked", "replayed")),
    *(f"webhooks.{name}_hint" for name in ("secret", "token")),
}
"""Names that templates put together."""


def test_every_text_is_there_in_each_language_with_the_same_gaps() -> None:
    for name, texts in catalogue().items():
        assert set(texts) == set(LANGUAGES) == set(LANGUAGE_NAMES), name
        gaps = {frozenset(field for _, field, *_ in Formatter().parse(text) if field) for text in texts.values()}
        assert len(gaps) == 1, name
        assert all(text.strip() for text in texts.values()), name


def test_every_text_is_used_and_every_text_used_is_there() -> None:
    templates = files("hub.web").joinpath("templates")
    written = "".join(template.read_text("utf-8") for template in templates.iterdir())
    written += "".join(
        files("hub.web.pages").joinpath(name).read_text("utf-8") for name in ("values.py", "opportunities.py")
    )
    used = set(re.findall(r"""\b(?:t|say)\(["']([a-z_]+\.[a-z_]+)["']""", written)) | MADE
    assert used == set(catalogue())


def test_money_is_written_with_cents_unless_it_is_whole() -> None:
    assert [money(value, "nl") for value in (19.2, 19, 1234.5, 10.05, 100)] == [
        "19,20",
        "19",
        "1.234,50",
        "10,05",
        "100",
    ]
    assert [amount(value, "nl") for value in (19.2, 19, 100, 10.05)] == ["19,2", "19", "100", "10,05"]


def test_numbers_are_written_as_the_language_does() -> None:
    assert [amount(1234.5, language) for language in ("nl", "fr", "en")] == ["1.234,5", "1\u202f234,5", "1,234.5"]
    assert [amount(value, "en") for value in (7, 2100.0, 13.85, 36.5)] == ["7", "2,100", "13.85", "36.5"]


def test_the_type_liked_best_is_chosen_and_the_first_when_all_are_alike() -> None:
    offered = ("application/ld+json", "application/json", "text/html")
    assert preferred_type(None, offered) == "application/ld+json"
    assert preferred_type("*/*", offered) == "application/ld+json"
    assert preferred_type("text/*;q=0.9, application/*;q=0.1", offered) == "text/html"
    assert preferred_type("text/html;q=0, */*;q=0.5", offered) == "application/ld+json"
    assert preferred_type("image/png", offered) == "application/ld+json"
    assert preferred_type("application/json;q=oops, text/html;q=0.1", offered) == "text/html"


def test_a_language_is_chosen_before_it_is_preferred() -> None:
    assert [preferred_language(asked, "nl") for asked in ("fr", "FR", "fr-BE")] == ["fr"] * 3
    assert preferred_language("de", "de, en;q=0.8, fr;q=0.9") == "fr"
    assert preferred_language(None, "en;q=0, *") == "nl"


def test_gzip_needs_to_be_accepted() -> None:
    assert [preferred_coding(header) for header in ("gzip", "*", "br;q=1, gzip;q=0.1")] == ["gzip", "zstd", "gzip"]
    assert [preferred_coding(header) for header in (None, "", "br", "gzip;q=0", "*;q=0")] == [None] * 5
    assert [preferred_coding(header) for header in ("gzip, zstd", "zstd;q=0.5, gzip")] == ["zstd", "gzip"]
    assert [preferred_coding(f"gzip;q=0.5, identity;q={weight}") for weight in (1, 0.5, 0)] == [None, "gzip", "gzip"]
