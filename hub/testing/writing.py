"""Job titles and descriptions, put together from many sentences so that no two are alike."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from hub.testing.tables import table

LANGUAGES = ("nl", "fr")


def write_title(rng: Random, occupation: Mapping[str, Any]) -> dict[str, str]:
    """Return the title in nl and fr, many with a gender suffix such as (m/v/x)."""
    suffixes = table("sentences")["suffixes"]
    return {language: occupation["title"][language] + rng.choice(suffixes[language]) for language in LANGUAGES}


def write_description(
    rng: Random, occupation: Mapping[str, Any], *, employer: str, places: Mapping[str, str], hours: float
) -> dict[str, str]:
    """Return HTML of 120 to 400 words in nl and fr: an introduction and three parts, each with a h3."""
    sizes = (rng.randint(1, 3), rng.randint(2, 6), rng.randint(3, 8), rng.randint(3, 8), rng.randint(1, 3))
    slots = {"employer": employer, "hours": f"{hours:g}"}
    return {language: _written(rng, occupation, language, sizes, {**slots, "place": places[language]})
            for language in LANGUAGES}  # fmt: skip


def _written(
    rng: Random, occupation: Mapping[str, Any], language: str, sizes: Sequence[int], slots: Mapping[str, str]
) -> str:
    words = table("sentences")[language]
    intro, more, profile, offer, closing = (
        rng.sample(words[part], size)
        for part, size in zip(("intro", "more", "profile", "offer", "closing"), sizes, strict=True)
    )
    tasks = [*occupation["tasks"][language], *more]
    job, asked, offered = words["headings"]
    markup = "".join((
        f"<p>{' '.join(intro)}</p>",
        f"<h3>{job}</h3>{_listed(tasks)}",
        f"<h3>{asked}</h3>{_listed(profile) if rng.random() < 0.7 else _paragraph(profile)}",
        f"<h3>{offered}</h3>{_listed(offer)}<p>{' '.join(closing)}</p>",
    ))  # fmt: skip
    return markup.format_map(_drawn(rng, slots) | {"title": occupation["title"][language].lower()})


def _drawn(rng: Random, slots: Mapping[str, str]) -> dict[str, str]:
    return {
        "years": str(rng.randint(3, 90)),
        "people": str(rng.randint(4, 480)),
        "days": str(rng.randint(2, 5)),
        "minutes": str(rng.randint(3, 25)),
        "amount": f"{rng.randint(3, 8)},{rng.randint(0, 9)}0",
        **slots,
    }


def _listed(lines: Sequence[str]) -> str:
    return f"<ul><li>{'</li><li>'.join(lines)}</li></ul>"


def _paragraph(lines: Sequence[str]) -> str:
    return f"<p>{' '.join(lines)}</p>"
