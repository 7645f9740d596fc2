from pathlib import Path

import pytest

from hub.codelists import Mapped, Shelf, crosswalk_name, import_crosswalk
from hub.errors import ConfigError


def imported(folder: Path, text: str, source: str = "partner:vdab", target: str = "isco-08") -> Shelf:
    file, shelf = folder / "walk.csv", Shelf(folder / "codelists")
    file.write_text(text, "utf-8")
    import_crosswalk(file, shelf.path(crosswalk_name(source, target)), source=source, target=target)
    return shelf


def test_a_code_leads_to_the_code_of_another_scheme(tmp_path: Path) -> None:
    lists = imported(tmp_path, "from,to,confidence\nJOB-1,7212,0.9\nJOB-2,5120,\n").open()
    assert lists.mapped("partner:vdab", "JOB-1") == (Mapped("isco-08", "7212", 0.9),)
    assert lists.mapped("partner:vdab", "JOB-2") == (Mapped("isco-08", "5120", 1.0),)
    assert lists.mapped("partner:vdab", "JOB-3") == lists.mapped("partner:forem", "JOB-1") == ()


def test_a_code_that_leads_to_several_is_left_out_and_counted(tmp_path: Path) -> None:
    shelf = imported(tmp_path, "from;to\nA;7212\nA;5120\nB;7212\nB;7212\n")
    assert shelf.open().mapped("partner:vdab", "A") == ()
    assert shelf.about(shelf.names()[0])[0]["counts"] == {"codes": 1, "ambiguous": 1}


def test_crosswalks_of_one_scheme_to_several_stand_beside_each_other(tmp_path: Path) -> None:
    imported(tmp_path, "from,to\nA,7212\n")
    lists = imported(tmp_path, "from,to\nA,H2913\n", target="rome").open()
    assert {each.scheme for each in lists.mapped("partner:vdab", "A")} == {"isco-08", "rome"}
    assert lists.version


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code,isco\nA,7212\n", "lacks the column from and to"),
        ("from,to\nA,lasser\n", "line 2: 'lasser' is no isco-08 code such as 7212"),
        ("from,to\nA,\n", "line 2: from and to must both be filled in"),
        ("from,to,confidence\nA,7212,sure\n", "the confidence 'sure' is no number"),
        ("from,to,confidence\nA,7212,nan\n", "the confidence 'nan' is no number"),
        ("from,to\n", "has no row"),
        ('from,to\nA,"7212\n', "is cut or damaged"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        imported(tmp_path, text)


@pytest.mark.parametrize(("source", "target"), [("vdab", "isco-08"), ("partner:vdab", "isco"), ("rome", "rome")])
def test_schemes_that_are_none_are_refused(tmp_path: Path, source: str, target: str) -> None:
    with pytest.raises(ConfigError, match=r"--from|--to"):
        imported(tmp_path, "from,to\nA,7212\n", source, target)
