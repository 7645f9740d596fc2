"""Views in files: those of an admin, and who may read the feeds that every hub has."""

from pathlib import Path

import pytest

from hub.config import load, shown
from hub.errors import ConfigError
from hub.views import BUILT_IN

EVERY = [view.id for view in BUILT_IN]
CLOSED = 'access = "key"\n'


def folder_of(tmp_path: Path, **views: str) -> Path:
    (tmp_path / "views").mkdir()
    (tmp_path / "hub.toml").write_text('public_url = "https://hub.example.org"\n')
    for name, text in views.items():
        (tmp_path / "views" / f"{name}.toml").write_text(text)
    return tmp_path


ALL_PUBLIC = dict.fromkeys([*EVERY, "listings"], "public")


def mistakes(tmp_path: Path, **views: str) -> list[str]:
    folder = folder_of(tmp_path, **views)
    with pytest.raises(ConfigError) as caught:
        load(folder)
    return [each.removeprefix(f"{folder.as_posix()}/") for each in caught.value.mistakes]


def test_without_files_everything_is_public(tmp_path: Path) -> None:
    config = load(folder_of(tmp_path))
    assert (config.accesses, config.views, shown(config)["views"]) == (ALL_PUBLIC, (), {})


@pytest.mark.parametrize("name", EVERY)
def test_a_view_that_every_hub_has_is_closed_by_a_file_of_its_name(tmp_path: Path, name: str) -> None:
    config = load(folder_of(tmp_path, **{name: CLOSED}))
    assert (config.accesses, config.views) == ({**ALL_PUBLIC, name: "key"}, ())
    assert [view.access for view in config.every_view] == ["key" if view.id == name else "public" for view in BUILT_IN]
    assert [(view.title, view.filter) for view in config.every_view] == [(view.title, view.filter) for view in BUILT_IN]
    assert shown(config)["views"] == {name: {"access": "key"}}


def test_so_are_the_listings(tmp_path: Path) -> None:
    config = load(folder_of(tmp_path, listings=CLOSED, ghent='title = { en = "Ghent" }\n'))
    assert config.accesses == {**ALL_PUBLIC, "ghent": "public", "listings": "key"}


def test_such_a_file_may_say_that_all_stays_public(tmp_path: Path) -> None:
    assert load(folder_of(tmp_path, all='access = "public"\n', listings="")).accesses == ALL_PUBLIC


@pytest.mark.parametrize("name", [*EVERY, "listings"])
def test_it_can_have_no_filter_and_no_title_of_its_own(tmp_path: Path, name: str) -> None:
    (found,) = mistakes(tmp_path, **{name: f'title = {{ en = "X" }}\n{CLOSED}[filter]\nkinds = ["vacancy"]\n'})
    assert found == (
        f"views/{name}.toml: every hub has this feed, so it can have no title or filter of your own, only `access`; "
        "to select something, make a view with another name"
    )


def test_every_mistake_in_such_files_is_told(tmp_path: Path) -> None:
    assert mistakes(tmp_path, all='access = "keys"\n', listings='acces = "key"\n', vacancies="access =") == [
        "views/all.toml: access = \"keys\": must be 'public' or 'key'",
        "views/listings.toml: acces: unknown key; did you mean access?",
        "views/vacancies.toml: is not TOML: Invalid value (at end of document)",
    ]
