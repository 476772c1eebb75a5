"""A deed is one change with one name; undo takes back exactly it, and nobody else's without saying so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest

from paperdeck.storage.errors import NoteChanged, StoreError
from paperdeck.storage.files.sealed import read_sealed, write_sealed
from paperdeck.storage.library.journal.history import HISTORY
from paperdeck.storage.library.journal.registers import MARKS
from paperdeck.storage.library.library import RESTED, DayRecord, DayState, Deed, Library
from paperdeck.storage.paper import Marks, Paper
from paperdeck.storage.settings.settings import Places

MakePaper = Callable[..., Paper]
A, B, C = "2605.00001", "2605.00002", "2411.00003"


@pytest.fixture
def library(places: Places) -> Library:
    return Library(places, clock=lambda: 1_795_392_000.0)


def summary(deed: Deed | None) -> tuple[str, str, tuple[str, ...]] | None:
    return (deed.label, deed.subject, deed.ids) if deed else None


def test_a_deed_says_what_when_and_by_whom(library: Library) -> None:
    deed = library.mark([A, B], starred=True, label="star", subject="two papers")
    assert deed.number == 1
    assert summary(deed) == ("star", "two papers", (A, B))
    assert (deed.rules, deed.own, deed.undone) == (False, True, False)
    assert deed.made_at == datetime(2026, 11, 23, tzinfo=UTC)
    assert deed.maker.startswith("the reader, process ")
    assert library.history.deeds() == [deed]
    assert library.mark([A], starred=True).number == 0


def test_every_kind_of_change_is_undone_in_order(library: Library) -> None:
    """`u` after a mute took back an older star."""
    library.mark([A], starred=True, label="star")
    library.mute("keyword:x")
    library.follow("authors", "Yi Li")
    library.save_view("Mine", "cats")
    library.rename_view("Mine", "Ours")
    library.delete_view("Ours")
    library.set_preference("theme", "nord")
    labels = ["theme", "delete view", "rename view", "save view", "follow", "mute", "star"]
    assert [deed.label for deed in library.history.deeds()] == labels
    assert [deed.rules for deed in library.history.deeds()] == [True] * 6 + [False]
    undone = list(iter(library.undo, None))
    assert [deed.label for deed in undone if deed] == labels
    assert library.all_marks() == {}
    assert library.rules() == type(library.rules())()
    assert library.preference("theme") is None
    redone = list(iter(library.redo, None))
    assert [deed.label for deed in redone if deed] == labels[::-1]
    assert library.rules().mute == ("keyword:x",)
    assert library.rules().views == ()
    assert library.preference("theme") == "nord"


def test_reading_by_resting_is_never_undone_along_with_a_deed(library: Library) -> None:
    library.mark([A], starred=True, label="star")
    library.mark([B], read=True, label=RESTED)
    library.mark([C], read=True, label=RESTED)
    assert summary(library.undo()) == ("star", "", (A,))
    assert library.all_marks() == {B: Marks(read=True), C: Marks(read=True)}
    assert summary(library.redo()) == ("star", "", (A,))


def test_each_reading_by_resting_is_undone_alone(library: Library) -> None:
    for paper_id in (A, B, C):
        library.mark([paper_id], read=True, label=RESTED)
    assert summary(library.undo()) == (RESTED, "", (C,))
    assert library.all_marks() == {A: Marks(read=True), B: Marks(read=True)}
    assert summary(library.undo()) == (RESTED, "", (B,))
    assert summary(library.redo()) == (RESTED, "", (B,))
    assert summary(library.redo()) == (RESTED, "", (C,))
    assert library.all_marks().keys() == {A, B, C}


def test_resting_on_a_paper_does_not_end_redo(library: Library) -> None:
    library.mark([A], starred=True, label="star")
    library.undo()
    library.mark([B], read=True, label=RESTED)
    assert summary(library.redo()) == ("star", "", (A,))


def test_the_name_of_a_file_cannot_run_in_a_terminal(library: Library, make_paper: MakePaper) -> None:
    paper = make_paper()
    library.record_added({paper.id: Marks(starred=True)}, {}, subject="od\x1b]0;PWN\x07 d\nname\u202e.bib")
    (deed,) = library.history.deeds()
    assert deed.subject == "od d name.bib"


def test_a_deed_of_another_process_is_only_undone_once_it_was_named(library: Library, places: Places) -> None:
    other = Library(places, maker="the command line")
    library.mark([A], starred=True, label="star", subject="mine")
    other.mark([B], starred=True, label="star", subject="theirs")
    assert summary(library.undo()) == ("star", "mine", (A,))
    assert library.undo() is None
    assert library.marks(B).starred
    theirs = library.history.newest_of_others()
    assert summary(theirs) == ("star", "theirs", (B,))
    assert theirs is not None
    assert (theirs.own, theirs.maker.partition(",")[0]) == (False, "the command line")
    assert summary(library.undo(theirs)) == ("star", "theirs", (B,))
    assert not library.marks(B).starred
    assert summary(library.redo()) == ("star", "theirs", (B,))
    other.poll()
    assert other.marks(B).starred


def test_a_deed_of_which_nothing_is_left_is_not_offered_again(library: Library, places: Places) -> None:
    library.mark([A], note="one", label="note")
    Library(places, clock=lambda: 1_900_000_000.0).mark([A], note="two", label="note")
    later = Library(places)
    newest = later.history.newest_of_others()
    later.undo(newest)
    assert later.marks(A).note == "one"
    assert summary(later.undo(later.history.newest_of_others())) == ("note", "", (A,))
    assert later.history.newest_of_others() is None


def test_steps_of_an_older_version_are_another_process_deeds(library: Library, places: Places) -> None:
    stamp = library.mark([A], starred=True, label="star") and library.stored_marks()[A]["starred"][1]
    path = places.history / "00000001.json"
    old = {"label": "star", "base": 0, "changes": [[A, "starred", False, True, stamp, ""]]}
    write_sealed(path, HISTORY, {"1": old})
    write_sealed(path.with_name("00000002.json"), HISTORY, {"1": old | {"base": 1}})
    write_sealed(path.with_name("head.json"), HISTORY, {"1": {"newest": 2, "head": 1}})
    later = Library(places)
    deed = later.history.newest_of_others()
    assert summary(deed) == ("star", "", (A,))
    assert deed is not None
    assert deed.number == 1
    assert summary(later.undo(deed)) == ("star", "", (A,))
    assert later.marks(A) == Marks()


def test_what_an_older_version_did_under_odd_names_is_undone(library: Library, places: Places) -> None:
    library.mark([A], add_tags=["hash"])
    library.save_view("mine", "cats")
    odd = {"hash": "#hash", "#hash": "##hash", "mine": " mine\u200b", "view mine": "view  mine\u200b"}
    for folder, kind in ((places.marks, MARKS), (places.history, HISTORY)):
        for path in folder.rglob("*.json"):
            text = json.dumps(read_sealed(path, kind))
            for name, other in odd.items():
                text = text.replace(json.dumps(name), json.dumps(other))
            write_sealed(path, kind, json.loads(text))
    later = Library(places)
    assert (later.marks(A).tags, [view.name for view in later.rules().views]) == ({"hash"}, ["mine"])
    for _ in range(2):
        assert later.undo(later.history.newest_of_others())
    assert (later.marks(A).tags, later.rules().views) == (frozenset(), ())


def test_a_note_that_was_changed_elsewhere_is_not_overwritten(library: Library, places: Places) -> None:
    library.mark([A], note="first")
    Library(places).mark([A], note="theirs")
    with pytest.raises(NoteChanged) as caught:
        library.mark([A], note="mine", expected_note="first")
    assert caught.value.note == "theirs"
    assert library.marks(A).note == "theirs"
    assert library.mark([A], note="theirs", expected_note="first").number == 0
    library.mark([A], note="mine", expected_note="theirs")
    assert library.marks(A).note == "mine"


def test_a_note_that_cannot_be_saved_is_an_error_and_not_a_deed(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.mark([A], note="first")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(StoreError, match="disk is full"):
        patch.setattr("os.fsync", full)
        library.mark([A], note="an hour's thought")
    assert library.marks(A).note == "first"
    assert len(library.history.deeds()) == 1
    library.mark([A], note="an hour's thought")


def test_a_new_process_redoes_what_was_undone_last_wherever_it_stands(places: Places) -> None:
    now = count(1_795_392_000.0)
    library, later = (Library(places, clock=lambda: next(now)) for _ in range(2))
    for paper_id in (A, B, C):
        library.mark([paper_id], starred=True, label="star")
    _, middle, oldest = library.history.deeds()
    library.undo(oldest)
    library.undo(middle)
    assert summary(later.redo(later.history.newest_undone())) == summary(middle)
    library.mark([A], note="later", label="note")
    assert later.history.newest_undone() is None


# -- imports -----------------------------------------------------------------------------------------------------------


def imported(library: Library, make_paper: MakePaper, *, known: bool = False) -> Deed:
    """Import two papers of which one may be there before."""
    if known:
        library.add([make_paper(1)], "local")
    new = library.add([make_paper(1), make_paper(2)], "local").new
    marks = dict.fromkeys(["2611.00001", "2611.00002"], Marks(starred=True))
    return library.record_added(marks, new, subject="refs.bib")


def test_an_import_is_one_deed_with_its_papers(library: Library, make_paper: MakePaper) -> None:
    deed = imported(library, make_paper, known=True)
    before = library.papers(["2611.00001", "2611.00002"])
    assert summary(deed) == ("import", "refs.bib", ("2611.00001", "2611.00002"))
    assert summary(library.undo()) == summary(deed)
    assert list(library.papers(before)) == ["2611.00001"]
    assert library.all_marks() == {}
    assert summary(library.redo()) == summary(deed)
    assert library.papers(before) == before
    assert library.all_marks().keys() == before.keys()


def test_an_import_without_marks_is_a_deed_too(library: Library, places: Places, make_paper: MakePaper) -> None:
    new = library.add([make_paper(1)], "local").new
    library.record_added({}, new)
    later = Library(places)
    assert summary(later.undo(later.history.newest_of_others())) == ("import", "", new)
    assert later.months() == [] or later.paper(new[0]) is None
    later = Library(places)
    assert summary(later.redo(later.history.newest_undone())) == ("import", "", new)
    assert later.paper(new[0]) is not None


@pytest.mark.parametrize("since", ["noted", "listed", "told by another source"])
def test_a_paper_that_somebody_else_wants_stays(library: Library, make_paper: MakePaper, since: str) -> None:
    imported(library, make_paper)
    if since == "noted":
        Library(library.places).mark(["2611.00002"], note="keep it")
    elif since == "listed":
        day = DayRecord(
            source="hf", day=date(2026, 11, 20), state=DayState.COMPLETE, fetched_at="", ids=("2611.00002",)
        )
        library.ledger.record(day)
    else:
        library.add([make_paper(2, upvotes=9)], "hf")
    library.undo()
    assert list(library.papers(["2611.00001", "2611.00002"])) == ["2611.00002"]


# -- bad times ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": "x", "base": 0, "changes": [["too", "short"]]},
        {"label": 5, "base": 0, "changes": []},
        {"label": "x", "base": 0, "changes": [[A, "starred", False, True, "zzz", ""]]},
        {"label": "x", "base": 0, "changes": [[A, "starred", False, True, 5, ""]]},
        {"label": "x", "base": 0, "changes": [], "at": 1e300},
        {"label": "x", "base": 0, "changes": [], "brought": []},
        {},
    ],
)
def test_a_deed_of_a_wrong_shape_is_passed_over(library: Library, places: Places, wrong: dict[str, object]) -> None:
    library.mark([A], starred=True, label="star")
    write_sealed(places.history / "00000002.json", HISTORY, {"1": wrong})
    later = Library(places)
    assert summary(later.history.newest_of_others()) == ("star", "", (A,))
    assert summary(library.undo()) == ("star", "", (A,))


def test_a_lost_history_takes_no_mark_with_it(library: Library, places: Places) -> None:
    library.mark([A], starred=True)
    shutil.rmtree(places.history)
    assert library.undo() is None
    assert Library(places).marks(A).starred


def test_a_kill_between_undoing_and_noting_it_is_harmless(
    library: Library, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.mark([A], starred=True)
    library.mark([B], starred=True)
    path = places.history / "00000002.json"
    before = read_sealed(path, HISTORY)
    library.undo()
    write_sealed(path, HISTORY, before)
    later = Library(places)
    assert later.undo(later.history.newest_of_others()) is None
    assert summary(later.undo(later.history.newest_of_others())) == ("", "", (A,))


def test_deeds_are_of_this_device(library: Library, places: Places, tmp_path: Path) -> None:
    Library(places._replace(state=tmp_path / "other")).mark([A], starred=True)
    assert library.history.deeds() == []
    assert library.history.newest_of_others() is None
