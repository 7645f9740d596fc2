"""Files, downloaded or local, are read from the archive."""

import subprocess
import sys
import zipfile
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hub.archive import Archive
from hub.client import Limits, PartnerJob
from hub.errors import SourceUnavailable, UnexpectedAnswer

if TYPE_CHECKING:
    from client.conftest import Desk, Partner

ROWS = b"id;titel\n" + b"".join(b"%d;kok\n" % number for number in range(50_000))


def test_a_downloaded_file_is_read_as_often_as_needed(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/lists/today.csv", lambda call: call.gzipped(ROWS))
    document = desk.job().connect().download(f"{url}?key=geheim")
    assert (document.name, document.size) == ("today.csv", len(ROWS))
    for _ in range(2):
        with document.open() as stream:
            assert stream.readline() == b"id;titel\n"
            assert stream.seek(0) == 0
            assert stream.read() == ROWS


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('attachment; filename="vacatures.xlsx"', "vacatures.xlsx"),
        ("attachment; filename*=UTF-8''opl%C3%A9iding.csv", "opléiding.csv"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ("attachment", "export"),
    ],
)
def test_the_partner_may_name_the_file(partner: "Partner", desk: "Desk", line: str, name: str) -> None:
    url = partner.says("/export", lambda call: call.answer(200, ROWS, f"Content-Disposition: {line}"))
    assert desk.job().connect().download(url).name == name


def test_a_local_file_is_read_from_its_archived_copy(desk: "Desk") -> None:
    (desk.folder / "list.csv").write_bytes(ROWS)
    document = desk.job().open_file("list.csv")
    (desk.folder / "list.csv").write_bytes(b"changed meanwhile")
    with document.open() as stream:
        assert stream.read() == ROWS
    exchange = desk.exchanges[0]
    assert (exchange.method, exchange.path, exchange.digest) == ("FILE", "list.csv", document.digest)


def test_an_absolute_path_stays_as_it_is(desk: "Desk", tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.zip"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("list.csv", ROWS)
    with desk.job().open_file(str(path)).open() as stream, zipfile.ZipFile(stream) as source:
        assert source.read("list.csv") == ROWS


@pytest.mark.parametrize(("path", "words"), [("none.csv", "does not exist"), (".", "is not a file")])
def test_a_file_that_cannot_be_read_is_unavailable(desk: "Desk", path: str, words: str) -> None:
    with pytest.raises(SourceUnavailable, match=words) as caught:
        desk.job().open_file(path)
    assert str(desk.folder / path) in str(caught.value)
    assert "correct the path in the source's options" in str(caught.value)


def test_a_file_larger_than_allowed_is_refused(desk: "Desk") -> None:
    (desk.folder / "list.csv").write_bytes(bytes(2_000_001))
    with pytest.raises(UnexpectedAnswer, match="more than the 2 MB allowed"):
        desk.job(Limits(file_megabytes=2)).open_file("list.csv")


def test_a_job_knows_where_it_continues_and_tells_how_far_it_is(desk: "Desk") -> None:
    job = desk.job(cursor="2026-02-13")
    job.progress(200)
    job.progress(400, 3204)
    assert (job.cursor, job.folder, job.now.tzinfo) == ("2026-02-13", desk.folder, UTC)
    assert desk.progress == [(200, None), (400, 3204)]


def test_a_job_needs_no_more_than_an_archive_and_a_folder(tmp_path: Path) -> None:
    with PartnerJob(Archive(tmp_path / "archive"), tmp_path) as job:
        job.progress(1)
        assert job.cursor is None


def test_importing_the_client_loads_no_more_than_it_needs() -> None:
    code = "import sys, hub.client; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "httpx" in loaded
    assert not {"fastapi", "sqlalchemy", "uvicorn", "apscheduler"} & set(loaded)
