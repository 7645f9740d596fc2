"""The archive keeps each content once, streams what is large and names what is damaged."""

import io
import os
import random
import threading
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from hub.archive import Archive
from hub.errors import StoreError

BODY = "".join(f"{n};vacature {n % 97};Gent\n" for n in range(60_000)).encode()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def stored_file(archive: Archive, digest: str) -> Path:
    return archive.folder / digest[:2] / f"{digest[2:]}.zst"


def test_a_body_comes_back_as_it_was(archive: Archive) -> None:
    entry = archive.put(BODY)
    assert entry.digest == sha256(BODY).hexdigest()
    assert entry.size == len(BODY)
    assert archive.read(entry.digest) == BODY


def test_a_body_is_named_after_its_digest_and_compressed(archive: Archive) -> None:
    entry = archive.put(BODY)
    assert stored_file(archive, entry.digest).stat().st_size == entry.stored == archive.size()
    assert entry.stored < entry.size / 3


@pytest.mark.parametrize("body", [b"", b"x", os.urandom(300_000)], ids=["empty", "one byte", "incompressible"])
def test_any_bytes_can_be_kept(archive: Archive, body: bytes) -> None:
    entry = archive.put(body)
    assert archive.exists(entry.digest)
    assert archive.read(entry.digest) == body


def test_the_same_content_is_stored_once(archive: Archive) -> None:
    first = archive.put(BODY)
    before = stored_file(archive, first.digest).stat().st_ino
    assert archive.put(BODY) == first
    assert stored_file(archive, first.digest).stat().st_ino == before
    assert len(list(archive.folder.glob("??/*"))) == 1


def test_writing_in_pieces_gives_the_same_digest_as_writing_at_once(archive: Archive) -> None:
    with archive.writer() as writer:
        for start in range(0, len(BODY), 10_007):
            writer.write(BODY[start : start + 10_007])
    assert writer.entry.digest == archive.put(BODY).digest
    assert archive.read(writer.entry.digest) == BODY


def test_an_interrupted_body_leaves_nothing(archive: Archive) -> None:
    with pytest.raises(TypeError), archive.writer() as writer:
        writer.write([BODY, None][writer.write(BODY) > 0])  # type: ignore[arg-type]
    assert [path for path in archive.folder.rglob("*") if path.is_file()] == []


def test_the_entry_is_known_only_when_the_body_is_filed(archive: Archive) -> None:
    with archive.writer() as writer, pytest.raises(ValueError, match="not filed yet"):
        _ = writer.entry


def test_a_local_file_is_kept(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(BODY)
    entry = archive.store_file(path)
    path.write_bytes(b"something else")
    assert archive.read(entry.digest) == BODY


def test_lines_are_read_as_from_any_file(archive: Archive) -> None:
    with archive.open(archive.put(BODY).digest) as stream:
        assert list(io.TextIOWrapper(stream, encoding="utf-8", newline="")) == list(
            io.StringIO(BODY.decode(), newline="")
        )


def test_a_stream_seeks_like_a_file(archive: Archive) -> None:
    chance = random.Random(4)
    reference = io.BytesIO(BODY)
    with archive.open(archive.put(BODY).digest) as stream:
        for _ in range(200):
            place = chance.choice([(chance.randrange(len(BODY)), 0), (0, 0), (-chance.randrange(900), 2)])
            assert stream.seek(*place) == reference.seek(*place)
            assert stream.read(700) == reference.read(700)
            assert stream.seek(5, 1) == reference.seek(5, 1)
            assert stream.tell() == reference.tell()


def test_a_zip_file_is_read_from_the_archive(archive: Archive) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("list.csv", BODY)
    with archive.open(archive.put(packed.getvalue()).digest) as stream, zipfile.ZipFile(stream) as source:
        assert source.read("list.csv") == BODY


def test_a_body_can_be_open_twice_at_once(archive: Archive) -> None:
    digest = archive.put(BODY).digest
    with archive.open(digest) as one, archive.open(digest) as other:
        assert one.read(1000) + other.read(1000) == BODY[:1000] * 2


@pytest.mark.parametrize("damage", ["cut", "flipped", "replaced"])
def test_a_damaged_body_is_an_error_that_names_it(archive: Archive, damage: str) -> None:
    digest = archive.put(BODY).digest
    path = stored_file(archive, digest)
    packed = bytearray(path.read_bytes())
    packed[len(packed) // 2] ^= 0xFF
    other = stored_file(archive, archive.put(BODY[:-1]).digest).read_bytes()
    path.write_bytes({"cut": bytes(packed[: len(packed) // 3]), "flipped": bytes(packed), "replaced": other}[damage])
    with pytest.raises(StoreError, match=f"{digest} is damaged"):
        archive.read(digest)


def test_damage_is_found_by_seeking_too(archive: Archive) -> None:
    digest = archive.put(BODY).digest
    path = stored_file(archive, digest)
    path.write_bytes(path.read_bytes()[:-9])
    with archive.open(digest) as stream, pytest.raises(StoreError, match="damaged"):
        stream.seek(-1, io.SEEK_END)


def test_an_empty_file_left_by_a_power_failure_is_written_again(archive: Archive) -> None:
    digest = archive.put(BODY).digest
    stored_file(archive, digest).write_bytes(b"")
    assert not archive.exists(digest)
    archive.put(BODY)
    assert archive.read(digest) == BODY


def test_a_body_that_is_not_kept_is_an_error_that_names_it(archive: Archive) -> None:
    digest = "0" * 64
    assert not archive.exists(digest)
    with pytest.raises(StoreError, match=digest):
        archive.open(digest)


@pytest.mark.parametrize("name", ["../../etc/passwd", "abc", "A" * 64, ""])
def test_only_a_digest_is_a_name(archive: Archive, name: str) -> None:
    with pytest.raises(StoreError, match="64 hexadecimal digits"):
        archive.exists(name)


def test_threads_may_write_the_same_and_other_bodies_at_once(archive: Archive) -> None:
    bodies = [BODY[n % 5 :] for n in range(40)]
    threads = [threading.Thread(target=archive.put, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(archive.read(sha256(body).hexdigest()) == body for body in bodies)
    assert len([path for path in archive.folder.rglob("*") if path.is_file()]) == 5


def test_the_archive_is_readable_by_its_owner_only(archive: Archive) -> None:
    path = stored_file(archive, archive.put(BODY).digest)
    assert path.stat().st_mode & 0o077 == 0
    assert archive.folder.stat().st_mode & 0o077 == 0
