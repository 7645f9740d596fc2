"""Chance that repeats itself: the same words give the same draws."""

from random import Random


def seeded(*parts: object) -> Random:
    """Return a generator of draws for these parts, such as a seed and a number."""
    return Random(":".join(map(str, parts)))  # noqa: S311
