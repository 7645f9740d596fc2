"""Features and keys: the same in every process and order, small, and found by what listings share."""

import subprocess
import sys
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.matching import Decision, Features, clusters, compare, features, keys
from hub.matching.evidence import EVIDENCE

Json = dict[str, Any]

_WORDS = st.sampled_from(
    (
        *("magazijnier", "kok", "cuisinier", "verpleegkundige", "infirmier", "lasser", "soudeur", "heftruck", "Gent"),
        *("38", "16,40", "euro", "ploegen", "nacht", "nuit", "rijbewijs", "permis", "Peeters", "Colruyt", "Stad"),
        *("interim", "Noord", "Zuid", "nv", "sa", "schoonmaak", "nettoyage", "chef", "senior", "é", "œuvre", "Ville"),
    )
)
_TEXT = st.lists(_WORDS, min_size=1, max_size=6).map(" ".join)
_LANGUAGE = st.sampled_from(("nl", "fr", "und"))
_KBO = st.sampled_from(("0400378485", "0403091220"))


@st.composite
def listings(draw: st.DrawFn) -> Json:
    """Draw a published listing that says more or less."""
    said: Json = {
        "kind": draw(st.sampled_from(("vacancy", "vacancy", "programme"))),
        "title": {draw(_LANGUAGE): draw(_TEXT)},
        "organisation": {"name": draw(_TEXT)}
        | draw(st.sampled_from(({}, {"kind": "public"}, {"kind": "intermediary"}))),
        "listings": [{"source": draw(st.sampled_from("abc")), "localId": draw(st.sampled_from("123"))}],
    }
    if draw(st.booleans()):
        said["organisation"]["kbo"] = draw(_KBO)
    if draw(st.booleans()):
        said["listings"][0]["references"] = draw(st.lists(st.sampled_from(("a:1", "B:2", "x:9")), max_size=2))
    if draw(st.booleans()):
        said["description"] = {
            draw(_LANGUAGE): f"<p>{draw(st.lists(_TEXT, min_size=3, max_size=40).map(' '.join))}</p>"
        }
    optional: dict[str, st.SearchStrategy[Any]] = {
        "places": st.lists(
            st.sampled_from(({"nis": "44021"}, {"postalCode": "9000"}, {"municipality": "Luik"})), max_size=2
        ),
        "published": st.dates().map(str),
        "expires": st.dates().map(str),
        "hoursPerWeek": st.floats(1, 60),
        "url": st.sampled_from(
            ("https://a.example/job/12", "https://a.example/", "http://[broken", "https://é.example/ù?b=1&a=2")
        ),
        "occupations": st.just([{"scheme": "isco-08", "value": "4321"}]),
    }
    return said | {name: draw(values) for name, values in optional.items() if draw(st.booleans())}


@given(listings())
def test_what_is_packed_comes_out_as_it_went_in(listing: Json) -> None:
    mine = features(listing)
    assert Features.unpacked(mine.packed()) == mine
    assert keys(Features.unpacked(mine.packed())) == keys(mine)


@given(listings())
def test_keys_are_few_and_fit_the_store(listing: Json) -> None:
    found = keys(features(listing))
    assert 0 < len(found) <= 10
    assert len(set(found)) == len(found)
    assert all(-(2**63) <= key < 2**63 for key in found)


@given(listings(), listings())
def test_a_pair_is_judged_the_same_in_either_order(one: Json, other: Json) -> None:
    assert compare(features(one), features(other)) == compare(features(other), features(one))


@given(listings(), listings())
def test_what_is_left_to_look_at_never_weighs_more_than_was_reckoned_with(one: Json, other: Json) -> None:
    weights = [reason.weight if (reason := look(features(one), features(other))) else 0.0 for look, _ in EVIDENCE]
    for place, (_, most) in enumerate(EVIDENCE):
        assert sum(weights[place:]) <= most + 1e-9


@settings(max_examples=60)
@given(st.lists(listings(), min_size=2, max_size=6))
def test_different_numbers_are_never_together(drawn: list[Json]) -> None:
    mine = [features({**each, "kind": "vacancy"}) for each in drawn]
    members = {number: each.source for number, each in enumerate(mine)}
    verdicts = {(a, b): compare(mine[a], mine[b]) for a in members for b in members if a < b}
    pairs = {pair: found.score for pair, found in verdicts.items() if found.decision is not Decision.different}
    for group in clusters(members, pairs):
        assert len({mine[number].kbo for number in group} - {None}) <= 1


_STABLE = """
import sys, orjson
from hub.matching import features, keys
mine = features(orjson.loads(sys.stdin.buffer.read()))
print(orjson.dumps([list(keys(mine)), mine.packed().hex()]).decode())
"""


def _listing() -> Json:
    return {
        "kind": "vacancy",
        "title": {"nl": "Magazijnmedewerker (m/v/x)", "fr": "Magasinier·ère"},
        "organisation": {"name": "Stad Gent", "kbo": "0400378485"},
        "places": [{"postalCode": "9050", "municipality": "Gent"}],
        "description": {"nl": "<p>Je werkt 38 uur met de heftruck, in ploegen &amp; in het weekend.</p>"},
        "listings": [{"source": "vdab", "localId": "7", "references": ["forem:1"]}],
        "url": "https://www.vdab.be/vindeenjob/vacatures/7",
    }


@pytest.mark.parametrize("seed", ["0", "1", "random"])
def test_features_and_keys_are_the_same_in_every_process(seed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _STABLE],
        input=orjson.dumps(_listing()),
        capture_output=True,
        check=True,
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(filter(None, sys.path))},
    )
    mine = features(_listing())
    assert orjson.loads(done.stdout) == [list(keys(mine)), mine.packed().hex()]


def test_listings_are_found_by_a_reference_or_a_page_alone() -> None:
    one = features(_listing())
    referring = {**_listing(), "organisation": {"name": "x"}, "places": [], "title": {"fr": "y"}, "description": {}}
    other = features({**referring, "url": "https://z.example/1", "listings": [{"source": "forem", "localId": "1"}]})
    page = features({**referring, "listings": [{"source": "forem", "localId": "2"}]})
    assert set(keys(one)) & set(keys(other))
    assert set(keys(one)) & set(keys(page))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Magazijnmedewerker (m/v/x)", "Magazijnier"),
        ("Heftruckchauffeur", "Cariste (h/f/x)"),
        ("Schoonmaakster", "Technicien(ne) de surface"),
        ("Vendeuse", "Verkoper"),
        ("Elektricien - Gent", "ÉLECTRICIENNE"),
        ("Administratief bediende", "Employé administratif"),
    ],
)
def test_titles_in_two_languages_mean_the_same(one: str, other: str) -> None:
    first, second = (features({**_listing(), "title": {"nl": title}}) for title in (one, other))
    assert set(first.meanings) & set(second.meanings)


def test_a_postal_code_of_the_same_municipality_is_the_same_place() -> None:
    other = {**_listing(), "places": [{"postalCode": "9000"}, {"municipality": "Gand"}]}
    assert features(other).municipalities == features(_listing()).municipalities == ("44021",)


def test_a_province_is_no_municipality() -> None:
    coarse = [{"nis": "40000"}, {"province": "Antwerpen", "precision": "province"}]
    assert features({**_listing(), "places": coarse}).municipalities == ()


def test_features_are_small_however_long_the_text() -> None:
    long = " ".join(f"woord{number} nog{number * 7}" for number in range(20_000))
    assert len(features({**_listing(), "description": {"nl": long}}).packed()) < 2000
