"""Files whose place a person named: only what is ours or new is written."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from paperdeck.storage.errors import ActionFailed, FileInTheWay
from paperdeck.storage.files.output import check_output, place_file, write_output


@pytest.fixture
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_has_the_usual_mode_or_is_private(tmp_path: Path, usual_umask: None) -> None:
    write_output(tmp_path / "public", b"a")
    write_output(tmp_path / "private", b"a", private=True)
    assert mode_of(tmp_path / "public") == 0o644
    assert mode_of(tmp_path / "private") == 0o600


def test_a_foreign_file_is_replaced_only_by_force_and_its_content_is_kept_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "thesis.bib"
    file.write_bytes(b"mine")
    with pytest.raises(FileInTheWay) as caught:
        write_output(file, b"ours")
    assert caught.value.path == file
    assert file.read_bytes() == b"mine"
    write_output(file, b"ours", force=True)
    assert (file.read_bytes(), (tmp_path / "thesis.bib~").read_bytes()) == (b"ours", b"mine")
    assert sorted(path.name for path in tmp_path.glob("*thesis*")) == ["thesis.bib", "thesis.bib~"]


def test_a_number_that_no_descriptor_can_have_names_no_file() -> None:
    with pytest.raises(ActionFailed, match=r"^'[^']+' is not a file name"):
        write_output(Path("/dev/fd/99999999999999999999"), b"x")


@pytest.mark.parametrize("force", [False, True])
def test_a_file_that_appears_meanwhile_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, force: bool
) -> None:
    file, real = tmp_path / "thesis.bib", os.fsync

    def late(descriptor: int) -> None:
        file.write_bytes(b"mine")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", late)
    with pytest.raises(FileInTheWay):
        write_output(file, b"ours", force=force)
    assert file.read_bytes() == b"mine"
    assert not list(tmp_path.glob(".paperdeck*"))


def test_a_file_of_ours_is_replaced_without_a_word(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"ours 1")
    write_output(file, b"ours 2", is_ours=lambda content: content.startswith(b"ours"))
    assert file.read_bytes() == b"ours 2"
    write_output(file, b"ours 3", force=True, is_ours=lambda content: content.startswith(b"ours"))
    assert not (tmp_path / "x~").exists()


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o400])
def test_an_existing_file_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "private.bib"
    file.write_bytes(b"mine")
    file.chmod(mode)
    write_output(file, b"ours", force=True)
    assert mode_of(file) == mode
    assert mode_of(tmp_path / "private.bib~") == mode


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of another user that everybody may write to."""

    def refuse(descriptor: int, user: int, group: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    real = os.fstat

    def of_another(descriptor: int) -> os.stat_result:
        values = list(real(descriptor))
        values[4] += 1
        return os.stat_result(values)

    monkeypatch.setattr(os, "fchown", refuse)
    monkeypatch.setattr(os, "fstat", of_another)
    file = tmp_path / "shared.bib"
    file.write_bytes(b"their long content")
    return file


@pytest.mark.parametrize("content", [b"ours", b"ours is longer than theirs was"])
def test_a_file_of_another_owner_stays_theirs_and_its_old_content_is_kept_beside_it(
    shared: Path, content: bytes
) -> None:
    inode = shared.stat().st_ino
    write_output(shared, content, force=True)
    assert (shared.read_bytes(), shared.stat().st_ino) == (content, inode)
    assert (shared.parent / "shared.bib~").read_bytes() == b"their long content"
    assert not list(shared.parent.glob(".paperdeck*"))


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file can grow beyond this size, as on a full disk."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("force", [False, True])
def test_a_full_disk_leaves_the_old_content_of_a_file_of_another_owner(shared: Path, force: bool) -> None:
    with room_for(20), pytest.raises(ActionFailed, match="leaves no room"):
        write_output(shared, b"ours" * 10, force=force, is_ours=None if force else bool)
    assert shared.read_bytes() == b"their long content"


@pytest.mark.parametrize("content", [b"ours", b"ours" * 10])
def test_a_write_that_fails_late_puts_the_content_of_another_owner_back(
    shared: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    real, failing = os.fsync, [OSError(28, "No space left on device")]

    def full(descriptor: int) -> None:
        if failing and os.path.samestat(os.stat(descriptor), shared.stat()):
            raise failing.pop()
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ActionFailed, match="disk is full"):
        write_output(shared, content, is_ours=bool)
    assert shared.read_bytes() == b"their long content"
    assert not list(shared.parent.glob(".paperdeck*"))


def test_content_that_cannot_be_put_back_is_named(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(descriptor: int, data: memoryview) -> int:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "write", broken)
    with pytest.raises(ActionFailed, match=r"is damaged: .* old content is in .*shared.bib~"):
        write_output(shared, b"ours", is_ours=bool)
    assert (shared.parent / "shared.bib~").read_bytes() == b"their long content"


def test_the_owner_of_a_file_is_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"mine")
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "fchown", lambda _, user, group: asked.append((user, group)))
    monkeypatch.setattr(os, "fstat", lambda _: os.stat_result([0] * 10))
    write_output(file, b"ours", force=True)
    there = file.stat()
    assert asked == ([] if (there.st_uid, there.st_gid) == (0, 0) else [(there.st_uid, there.st_gid)])


def test_a_symbolic_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "papers.bib", tmp_path / "link.bib"
    link.symlink_to(target)
    write_output(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    with pytest.raises(FileInTheWay):
        write_output(link, b"again")
    write_output(link, b"again", force=True)
    assert link.is_symlink()
    assert (target.read_bytes(), target.with_name("papers.bib~").read_bytes()) == (b"again", b"new")


def test_links_in_a_loop_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(ActionFailed, match="loop"):
        write_output(tmp_path / "a", b"x", force=True)


def read_in_thread(path: Path) -> Callable[[], bytes]:
    got: list[bytes] = []
    thread = threading.Thread(target=lambda: got.append(path.read_bytes()), daemon=True)
    thread.start()

    def result() -> bytes:
        thread.join(10)
        return got[0]

    return result


@pytest.mark.parametrize("force", [False, True])
def test_a_pipe_is_written_into(tmp_path: Path, force: bool) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    result = read_in_thread(pipe)
    write_output(pipe, b"x" * 100_000, force=force)
    assert result() == b"x" * 100_000
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_terminal_is_written_into(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    name = Path(os.ttyname(theirs))
    link = tmp_path / "link"
    link.symlink_to(name)
    for place in (name, link):
        write_output(place, b"word\n", force=True)
        assert os.read(ours, 100) == b"word\r\n"
    assert stat.S_ISCHR(name.stat().st_mode)
    os.close(ours)
    os.close(theirs)


def test_a_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "sda"
    file.write_bytes(b"everything")
    real = Path.stat

    def as_disk(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        status = real(self, follow_symlinks=follow_symlinks)
        if self != file:
            return status
        return os.stat_result([stat.S_IFBLK | 0o660, *list(status)[1:]])

    monkeypatch.setattr(Path, "stat", as_disk)
    with pytest.raises(ActionFailed, match="disk"):
        write_output(file, b"x", force=True)
    monkeypatch.undo()
    assert file.read_bytes() == b"everything"


@pytest.mark.parametrize("form", ["/dev/fd/{}", "/proc/self/fd/{}"])
def test_what_a_descriptor_leads_to_is_written_as_it_stands(tmp_path: Path, form: str) -> None:
    if not Path(form.format(0)).parent.exists():
        pytest.skip("the system has no such names")
    file = tmp_path / "log"
    with file.open("wb", buffering=0) as out:
        out.write(b"before ")
        write_output(Path(form.format(out.fileno())), b"ours")
        out.write(b" after")
    assert file.read_bytes() == b"before ours after"


def test_a_descriptor_that_is_not_open_is_reported(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    os.close(writing)
    with pytest.raises(ActionFailed, match="not open"):
        write_output(Path(f"/dev/fd/{writing}"), b"x")


def test_a_pipe_without_a_reader_ends_as_any_broken_pipe() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with pytest.raises(BrokenPipeError):
        write_output(Path(f"/dev/fd/{writing}"), b"x")
    os.close(writing)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("folder", "is a folder"), ("nowhere/x", "there is no folder"), ("n" * 300, "too long"), ("null\0", "file name")],
)
def test_other_places_are_refused_with_a_reason(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(ActionFailed, match=reason):
        write_output(tmp_path / name, b"x", force=True)
    with pytest.raises(ActionFailed, match=reason):
        check_output(tmp_path / name, force=True)


def test_the_longest_name_that_the_system_allows_will_do(tmp_path: Path) -> None:
    write_output(tmp_path / ("n" * 255), b"x")


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"mine")

    def full(descriptor: int, data: memoryview) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(ActionFailed, match="disk is full"):
        write_output(file, b"ours", force=True)
    monkeypatch.undo()
    assert file.read_bytes() == b"mine"
    assert not list(tmp_path.glob(".paperdeck*"))


def test_the_old_content_goes_nowhere_but_into_a_file(tmp_path: Path) -> None:
    file, beside = tmp_path / "x", tmp_path / "x~"
    file.write_bytes(b"mine")
    os.mkfifo(beside)
    with pytest.raises(ActionFailed, match="not a file"):
        write_output(file, b"ours", force=True)
    assert file.read_bytes() == b"mine"


def test_a_name_that_is_not_text_will_do(tmp_path: Path) -> None:
    write_output(Path(os.fsdecode(bytes(tmp_path) + b"/\xff")), b"x")


def test_a_finished_download_replaces_nothing(tmp_path: Path) -> None:
    part, target = tmp_path / "x.part", tmp_path / "x.pdf"
    part.write_bytes(b"%PDF-")
    target.write_bytes(b"mine")
    with pytest.raises(FileInTheWay):
        place_file(part, target)
    target.unlink()
    place_file(part, target)
    assert (target.read_bytes(), part.exists()) == (b"%PDF-", False)
    part.write_bytes(b"%PDF-")
    target.unlink()
    os.mkfifo(target)
    with pytest.raises(ActionFailed):
        place_file(part, target)
    assert stat.S_ISFIFO(target.stat().st_mode)
