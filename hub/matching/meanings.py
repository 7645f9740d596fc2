"""What words of several languages mean: a small table of what is said of work, and cognates for the rest."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from hub.matching.rules import read_table
from hub.matching.spelling import cognate, folded, number_of

_ENDINGS = (
    *(("euses", "eur"), ("trices", "teur"), ("iennes", "ien"), ("ieres", "ier"), ("euse", "eur"), ("trice", "teur")),
    *(("ienne", "ien"), ("iere", "ier"), ("ante", "ant"), ("ees", "e"), ("ee", "e"), ("es", ""), ("s", ""), ("e", "")),
    *(("n", ""), ("en", "")),
)
_SHORTEST = 3
_TELLING = 4
_COMPOUND = 7
_LEARNED = 8

Meanings = tuple[int, ...]


@cache
def meanings() -> Mapping[str, Meanings]:
    """Return the meanings of words and phrases, as numbers."""
    found: dict[str, list[int]] = {}
    for name, said in read_table("words.toml")["meanings"].items():
        for phrase in said.split(","):
            found.setdefault(phrase.strip(), []).append(number_of(f"meaning {name}") | 1)
    return {phrase: tuple(sorted(set(each))) for phrase, each in found.items()}


@cache
def common_words() -> Mapping[str, int]:
    """Return the meanings of words that any advertisement may have, for texts only; a word of two has the first."""
    rows = csv.reader(files("hub.matching").joinpath("lexicon.csv").read_text("utf-8").splitlines()[1:])
    found: dict[str, int] = {}
    for row in rows:
        meaning = number_of(f"common {row[0].split()[0]} {row[1].split()[0]}")
        for word in " ".join(row).split():
            found.setdefault(word, meaning)
    return found


def of_text_word(word: str) -> int:
    """Return the meaning of a folded word of a text, 0 where none is known."""
    table, common = meanings(), common_words()
    for form in _forms(word):
        if form in table:
            return table[form][0]
        if form in common:
            return common[form]
    return number_of(f"cognate {cognate(word)}") if len(word) >= _LEARNED else 0


@cache
def title_words() -> tuple[frozenset[str], frozenset[str], tuple[str, ...], Mapping[str, str]]:
    """Return the words of titles: noise, general ones, second halves of compounds, abbreviations."""
    title = read_table("words.toml")["title"]
    heads = tuple(sorted(title["heads"], key=len, reverse=True))
    return frozenset(title["noise"]), frozenset(title["general"]), heads, title["abbreviations"]


def meaning_of(word: str) -> Meanings:
    """Return the meanings of a folded word, of its other forms where it has none itself; () for a word unknown."""
    table = meanings()
    return next((table[form] for form in _forms(word) if form in table), ())


def _forms(word: str) -> Iterator[str]:
    yield word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            yield word[: len(word) - len(ending)] + instead


def of_title_word(word: str) -> Meanings:
    """Return the meanings of a word of a title: from the table, of its halves, or of its beginning."""
    if found := meaning_of(word) or _compound(word):
        return found
    said = f"cognate {cognate(word)}" if len(word) >= _TELLING else f"word {word}"
    return (number_of(said) & ~1,)


def are_known(meant: Iterable[int]) -> bool:
    """Say whether all meanings are from the table, and none is only how an unknown word begins: those are even."""
    return all(each & 1 for each in meant)


def _compound(word: str) -> Meanings:
    """Return the meanings of `heftruckchauffeur`: of what stands before the head, and of the head."""
    _, general, heads, _ = title_words()
    if len(word) < _COMPOUND:
        return ()
    for head in heads:
        first = word.removesuffix(head)
        if first != word and len(first) >= _SHORTEST:
            before = next((found for form in (first, first[:-1]) if (found := meaning_of(form))), ())
            before = before or (number_of(f"cognate {cognate(first)}") & ~1,)
            return (*before, *(() if head in general else meaning_of(head)))
    return ()


@cache
def text_stop_words() -> frozenset[str]:
    """Return the words of texts that tell nothing."""
    return frozenset(folded(word) for word in read_table("words.toml")["text"]["stop"].split())
