import gzip
import io
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from hub.client.tables import TableCut, TableLayout, open_table, packing
from hub.errors import SourceError, UnexpectedAnswer

PLAIN = b"id,titel\n" + b"".join(b"%d,Bakker nummer %d\n" % (n, n * 7919) for n in range(2000))


@dataclass
class InMemory:
    data: bytes
    name: str = "jobs"
    digest: str = ""
    proof: str = ""

    @property
    def size(self) -> int:
        return len(self.data)

    def open(self) -> io.BytesIO:
        return io.BytesIO(self.data)


def read(data: bytes, **layout: Any) -> tuple[int, str | None]:
    with open_table(InMemory(data), TableLayout(**layout)) as table:
        return sum(1 for _ in table), table.ending


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def test_a_gzip_file_is_read_to_its_end() -> None:
    assert read(gzip.compress(PLAIN)) == (2000, "every quote closed, the gzip end reached")


def test_the_rows_before_a_cut_are_told_apart_as_in_a_whole_file() -> None:
    rows = b"nr;naam;wie\n" + b"".join(b"%d;Bakker %d;Brood\n" % (n, n * 7919) for n in range(400))
    with open_table(InMemory(gzip.compress(rows)[:2000]), TableLayout()) as table:
        assert table.header == ("nr", "naam", "wie")
        assert len(next(iter(table))) == 3
        with pytest.raises(TableCut, match="stops before the end mark"):
            list(table)


def test_a_gzip_file_of_several_members_is_read_whole() -> None:
    assert read(gzip.compress(PLAIN[:5000]) + gzip.compress(PLAIN[5000:]))[0] == 2000


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_archive_with_one_table_is_read(method: int) -> None:
    data = zipped({"__MACOSX/._jobs.csv": b"x", "out/jobs.csv": PLAIN, ".DS_Store": b"y"}, method)
    assert read(data) == (2000, "every quote closed, the zip checksum right")


def test_an_archive_of_several_tables_asks_for_the_member() -> None:
    data = zipped({"jobs-1.csv": PLAIN, "read me.txt": b"hello"})
    with pytest.raises(
        UnexpectedAnswer, match=r"holds 2 files and member names none: set member to one of 'jobs-1\.csv'"
    ):
        read(data)
    assert read(data, member="jobs-*.csv")[0] == 2000
    with pytest.raises(UnexpectedAnswer, match=r"holds 0 files that fit member 'x\.csv'"):
        read(data, member="x.csv")


@pytest.mark.parametrize("part", range(1, 13))
@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped({"jobs.csv": data})], ids=["gzip", "zip"])
def test_a_cut_archive_is_noticed_wherever_it_is_cut(pack: Any, part: int) -> None:
    data = pack(PLAIN)
    with pytest.raises(TableCut, match="fetch it again"):
        read(data[: len(data) * part // 13])


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped({"jobs.csv": data})], ids=["gzip", "zip"])
def test_an_archive_cut_one_byte_before_its_end_is_noticed(pack: Any) -> None:
    with pytest.raises(TableCut):
        read(pack(PLAIN)[:-1])


def test_a_damaged_zip_entry_is_noticed() -> None:
    data = bytearray(zipped({"jobs.csv": PLAIN}, zipfile.ZIP_STORED))
    data[len(data) // 2] ^= 1
    with pytest.raises(TableCut, match="damaged: Bad CRC-32"):
        read(bytes(data))


def test_a_damaged_gzip_file_is_noticed() -> None:
    data = bytearray(gzip.compress(PLAIN))
    data[-6] ^= 1
    with pytest.raises(TableCut, match="damaged: CRC check failed"):
        read(bytes(data))


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    bomb = b"id,titel\n" + b"1,x\n" * 500_000
    with pytest.raises(UnexpectedAnswer, match="larger than 1,000,000 bytes once unpacked"):
        read(gzip.compress(bomb), max_megabytes=1)


def test_an_archive_that_unpacks_out_of_proportion_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "RATIO_COUNTS_FROM", 100_000)
    with pytest.raises(UnexpectedAnswer, match="looks like a mistake or an attack"):
        read(zipped({"jobs.csv": b"id,titel\n" + b"1,x\n" * 500_000}))


def test_an_archive_of_too_many_files_is_refused() -> None:
    with pytest.raises(UnexpectedAnswer, match="holds 1,001 files"):
        read(zipped({f"{number}.csv": b"" for number in range(1001)}))


def test_a_file_packed_twice_is_refused() -> None:
    with pytest.raises(UnexpectedAnswer, match="packed twice"):
        read(gzip.compress(gzip.compress(PLAIN)))
    with pytest.raises(UnexpectedAnswer, match="packed twice"):
        read(zipped({"jobs.csv.gz": gzip.compress(PLAIN)}))


@pytest.mark.parametrize("compression", ["gzip", "zip"])
def test_a_file_that_is_not_packed_as_declared_is_refused(compression: str) -> None:
    with pytest.raises(UnexpectedAnswer, match="as compression says"):
        read(PLAIN, compression=compression)


def lying(data: bytes, contents: int) -> bytes:
    """Return an archive whose last record states another size of its list of contents than the zip64 record does."""
    at = data.rfind(b"PK\x05\x06") + 12
    return data[:at] + contents.to_bytes(4, "little") + data[at + 4 :]


def test_a_list_of_contents_whose_size_is_stated_twice_is_refused_by_the_larger() -> None:
    many = zipped({"jobs.csv": PLAIN} | {f".{number}": b"" for number in range(66_000)}, zipfile.ZIP_STORED)
    with pytest.raises(UnexpectedAnswer, match="a list of contents of 3,"):
        read(lying(many, 100))


@pytest.mark.parametrize("seed", range(20))
def test_damage_to_an_archive_is_always_told_in_a_sentence(seed: int) -> None:
    chance, whole = Random(seed), zipped({"aä.csv": PLAIN[:200]})
    for _ in range(50):
        data = bytearray(whole)
        for _ in range(3):
            data[chance.randrange(len(data))] = chance.choice((0, 1, 128, 255))
        with suppress(SourceError):
            read(bytes(data))
