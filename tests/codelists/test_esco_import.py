"""What is read of the official files, and what is refused."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_esco import LANGUAGES, occupation, row, small_codelists, write, write_esco

from hub.codelists import Esco, Shelf, Strength, fold, import_esco
from hub.codelists.reading import version_of
from hub.errors import ConfigError, StoreError

REPACKAGED = """ORIGINURI,ID,UUIDHISTORY,ISCOGROUPCODE,CODE,PREFERREDLABEL,ALTLABELS,OCCUPATIONTYPE
{uri},key_1,x,7212,7212.3,welder,"TIG welder
coded welder",escooccupation
"""


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "codelists" / "esco.list"


def imported(place: Path, target: Path, **options: Any) -> Esco:
    import_esco(place, target, progress=lambda _done, _of: None, **options)
    return Esco(target)


def refusal(place: Path, target: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        imported(place, target)
    return str(caught.value)


def test_every_language_is_read_with_preferred_and_alternative_labels(tmp_path: Path, target: Path) -> None:
    esco = imported(write_esco(tmp_path / "esco"), target)
    assert set(esco.languages) == set(LANGUAGES)
    found = {language: esco.occupation(fold(label), language) for language, label in
             {"nl": "Lasser", "fr": "soudeuse", "en": "TIG WELDER", "de": "Schweißerin"}.items()}  # fmt: skip
    concepts = {entry.concept for entry in found.values() if entry}
    assert len(concepts) == 1
    code = esco.occupation_code(concepts.pop() or 0)
    assert (code.scheme, code.value) == ("esco", occupation("welder"))
    assert code.label == {"nl": "lasser", "fr": "soudeur/soudeuse", "de": "Schweißer/Schweißerin", "en": "welder"}
    assert found["en"] is not None
    assert found["en"].strength is Strength.other


def test_an_occupation_leads_to_its_isco_group(tmp_path: Path, target: Path) -> None:
    esco = imported(write_esco(tmp_path / "esco"), target)
    group = esco.group_of(occupation("welder"))
    assert group is not None
    assert esco.group_code(group).model_dump(exclude={"label"}) == {"scheme": "isco-08", "value": "7212"}
    assert esco.group_of(occupation("nobody")) is None


def test_what_is_not_released_is_left_out(tmp_path: Path, target: Path) -> None:
    esco = imported(write_esco(tmp_path / "esco"), target)
    assert esco.occupation("geplande lasser", "nl") is None
    assert esco.group_of(occupation("planned")) is None


def test_a_label_of_occupations_of_two_groups_has_neither(tmp_path: Path, target: Path) -> None:
    folder = write_esco(tmp_path / "esco", ["nl"])
    rows = [row(name, "nl") | {"altLabels": "poetser"} for name in ("homehelp", "cleaner")]
    write(folder / "occupations_nl.csv", [*rows, row("welder", "nl")])
    entry = imported(folder, target).occupation("poetser", "nl")
    assert entry is not None
    assert (entry.concept, entry.group) == (None, None)


def test_a_preferred_label_wins_over_the_alternative_label_of_another(tmp_path: Path, target: Path) -> None:
    folder = write_esco(tmp_path / "esco", ["nl"])
    rows = [row("welder", "nl"), row("plumber", "nl") | {"altLabels": "lasser"}]
    write(folder / "occupations_nl.csv", rows)
    esco = imported(folder, target)
    entry = esco.occupation("lasser", "nl")
    assert entry is not None
    assert entry.concept is not None
    assert esco.occupation_code(entry.concept).value == occupation("welder")


def test_a_label_without_a_leading_word_is_not_taken_for_who_leads(tmp_path: Path, target: Path) -> None:
    folder = write_esco(tmp_path / "esco", ["nl"])
    others = {"altLabels": "winkelier\nwinkeluitbater"}
    write(folder / "occupations_nl.csv", [row("shopmanager", "nl") | others, row("welder", "nl")])
    esco = imported(folder, target)
    assert esco.occupation("winkelier", "nl") is None
    assert esco.occupation("winkeluitbater", "nl") is not None


def test_a_zip_file_and_a_folder_of_zip_files_give_the_same_list(tmp_path: Path, target: Path) -> None:
    folder, packed = write_esco(tmp_path / "esco"), tmp_path / "packed"
    packed.mkdir()
    for language in LANGUAGES:
        with zipfile.ZipFile(packed / f"ESCO dataset - v1.2.0 - classification - {language} - csv.zip", "w") as archive:
            for path in folder.glob(f"*_{language}.csv"):
                archive.write(path, f"some folder/{path.name}")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    digests = {imported(place, target).digest for place in (folder, packed, tmp_path / "all.zip")}
    assert len(digests) == 1
    assert version_of(packed) == "1.2.0"


def test_another_content_has_another_digest_and_another_version(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert shelf.open().version == ""
    folder = write_esco(tmp_path / "esco", ["nl"])
    versions = []
    for languages in (["nl"], ["nl"], ["nl", "fr"]):
        imported(write_esco(folder, languages), shelf.path("esco"))
        versions.append(shelf.open().version)
    assert versions[0] == versions[1] != versions[2]


def test_the_repackaged_layout_is_read_as_english(tmp_path: Path, target: Path) -> None:
    (tmp_path / "occupations.csv").write_text(REPACKAGED.format(uri=occupation("welder")))
    (tmp_path / "ISCOGroups.csv").write_text("ORIGINURI,CODE,PREFERREDLABEL,ALTLABELS\nx,7212,Welders,\n")
    esco = imported(tmp_path, target)
    entry = esco.occupation("coded welder", "en")
    assert entry is not None
    assert entry.group is not None
    assert esco.group_code(entry.group).label == {"en": "Welders"}


def cut_in_a_field(folder: Path) -> None:
    path = folder / "occupations_fr.csv"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] + b',"half')


def cut_between_rows(folder: Path) -> None:
    path = folder / "occupations_fr.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[: len(lines) // 2]).rpartition("Occupation,")[0], "utf-8")


def without_a_column(folder: Path) -> None:
    path = folder / "occupations_fr.csv"
    path.write_text(path.read_text("utf-8").replace("iscoGroup", "group", 1), "utf-8")


def of_another_kind(folder: Path) -> None:
    (folder / "occupations_fr.csv").write_text("nr;naam\n1;kok\n")


def in_another_encoding(folder: Path) -> None:
    path = folder / "occupations_fr.csv"
    path.write_bytes(path.read_text("utf-8").encode("cp1252"))


def of_another_version(folder: Path) -> None:
    path = folder / "occupations_fr.csv"
    path.write_text(path.read_text("utf-8").replace(",7212,", ",7213,"), "utf-8")


def without_groups(folder: Path) -> None:
    path = folder / "occupations_fr.csv"
    path.write_text(path.read_text("utf-8").replace(",7212,", ",,"), "utf-8")


def twice(folder: Path) -> None:
    (folder / "again").mkdir()
    (folder / "again" / "occupations_fr.csv").write_bytes((folder / "occupations_fr.csv").read_bytes())


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (cut_in_a_field, "is cut or damaged"),
        (cut_between_rows, "released concepts where another file has"),
        (without_a_column, "lacks the columns iscoGroup"),
        (of_another_kind, "is no file of ESCO: its first line says nr;naam"),
        (in_another_encoding, "is not in UTF-8"),
        (of_another_version, "different versions"),
        (without_groups, "no ISCO-08 unit group"),
        (twice, "of one kind and language"),
    ],
)
def test_what_is_not_whole_is_refused_and_the_old_list_stays(
    tmp_path: Path, target: Path, spoil: Callable[[Path], None], said: str
) -> None:
    folder = write_esco(tmp_path / "esco")
    before = imported(folder, target).digest
    spoil(folder)
    told = refusal(folder, target)
    assert said in told
    assert "occupations_fr.csv" in told
    assert Esco(target).digest == before
    assert [each.name for each in target.parent.iterdir()] == [target.name]


def test_a_wrong_place_is_refused_with_what_to_do(tmp_path: Path, target: Path) -> None:
    assert "download the classification as CSV" in refusal(tmp_path, target)
    assert "is no folder and no file" in refusal(tmp_path / "nothing", target)
    (tmp_path / "half.zip").write_bytes(b"PK\x03\x04 half a zip")
    assert "is no whole zip file" in refusal(tmp_path / "half.zip", target)


@pytest.mark.parametrize("spoiled", [lambda whole: whole[:-20], lambda whole: whole[: len(whole) // 2], lambda _: b""])
def test_a_list_that_was_cut_is_not_opened(tmp_path: Path, spoiled: Callable[[bytes], bytes]) -> None:
    small_codelists(tmp_path)
    path = Shelf(tmp_path / "codelists").path("esco")
    path.write_bytes(spoiled(path.read_bytes()))
    with pytest.raises(StoreError, match="import the list again"):
        Shelf(path.parent).open()


def test_a_list_in_which_a_byte_changed_is_told_from_a_whole_one(tmp_path: Path) -> None:
    small_codelists(tmp_path)
    shelf = Shelf(tmp_path / "codelists")
    assert shelf.about("esco")[1].intact()
    content = bytearray(shelf.path("esco").read_bytes())
    content[200] ^= 1
    shelf.path("esco").write_bytes(bytes(content))
    assert not shelf.about("esco")[1].intact()


def test_who_reads_a_list_goes_on_with_it_while_another_is_imported(tmp_path: Path) -> None:
    old = small_codelists(tmp_path).esco
    imported(write_esco(tmp_path / "new", ["nl"]), Shelf(tmp_path / "codelists").path("esco"))
    assert old is not None
    assert old.occupation("soudeur", "fr") is not None
    new = Shelf(tmp_path / "codelists").open().esco
    assert new is not None
    assert new.languages == ("nl",)


def test_a_letter_may_be_wrong_but_not_in_a_word_that_labels_have(tmp_path: Path) -> None:
    esco = small_codelists(tmp_path).esco
    assert esco is not None
    assert esco.near("vrachtwagenchaufeur", "nl") == ("vrachtwagenchauffeur",)
    assert esco.near("elektrcien", "nl") == ("elektricien",)
    assert esco.near("elektriciteit", "nl") == ()  # a word of another label
    assert esco.near("kelder", "nl") == ()  # too short to tell
