"""Papers go to the Zotero on this machine, in the shape that its connector server documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from paperdeck.storage.errors import ActionFailed, InvalidInput, PaperdeckError, StoreError
from paperdeck.storage.exchange import zotero as module
from paperdeck.storage.exchange.importing import read_papers
from paperdeck.storage.exchange.zotero import ZOTERO, SendResult, endpoint_from, item_of, send_to_zotero, sent_before
from paperdeck.storage.paper import Entry, Marks, Paper
from paperdeck.storage.settings.settings import Places
from tests.support.zotero import StandIn, zotero_running


def entry(number: int = 1, marks: Marks | None = None, **facts: Any) -> Entry:
    known = {"id": f"2401.{number:05}", "title": "On $O(n^2)$ Sorting", "authors": ("Ada Lovelace", "The Deep Team")}
    return Entry(Paper(**(known | {"published": date(2024, 1, 3), "abstract": "We sort."} | facts)), marks or Marks())


@pytest.fixture
def zotero() -> Iterator[StandIn]:
    with zotero_running() as server:
        yield server


def send(zotero: StandIn, places: Places, *entries: Entry, again: bool = False) -> SendResult:
    return send_to_zotero(entries, {"2401.00001": "lovelace2024sorting"}, places, zotero.address, again=again)


def test_a_preprint_arrives_with_its_key_its_tags_and_its_note(zotero: StandIn, places: Places) -> None:
    marks = Marks(tags=frozenset({"to read"}), note="See <b>3</b>.\nThen 4.")
    assert send(zotero, places, entry(marks=marks)) == SendResult(1, 0)
    (item,) = zotero.items
    assert item == {
        "id": "2401.00001",
        "itemType": "preprint",
        "repository": "arXiv",
        "archiveID": "arXiv:2401.00001",
        "title": "On O(n²) Sorting",
        "creators": [
            {"creatorType": "author", "firstName": "Ada", "lastName": "Lovelace"},
            {"creatorType": "author", "lastName": "The Deep Team", "fieldMode": 1},
        ],
        "date": "2024-01-03",
        "abstractNote": "We sort.",
        "url": "https://arxiv.org/abs/2401.00001",
        "DOI": "10.48550/arXiv.2401.00001",
        "tags": [{"tag": "to read"}],
        "notes": [{"note": "See &lt;b&gt;3&lt;/b&gt;.<br>Then 4."}],
        "extra": "Citation Key: lovelace2024sorting",
    }


def test_a_withdrawn_paper_is_withdrawn_in_zotero_and_when_it_comes_back() -> None:
    item = item_of(entry(withdrawn=True), "key")
    assert item["extra"] == "Citation Key: key\nStatus: Withdrawn"
    for text in (json.dumps([item]), f'"Item Type","Title","Extra"\n"preprint","T","{item["extra"]}"\n'):
        (paper,) = read_papers(text).papers
        assert (paper.withdrawn, dict(paper.record)["@key"]) == (True, "key")


def test_an_imported_article_keeps_its_type_and_its_journal() -> None:
    record = (("@type", "article"), ("title", "T"), ("journal", "J. Sorting"), ("volume", "7"), ("pages", "1--9"))
    item = item_of(entry(id="x-0123456789abcdef", record=record, journal_ref="J. Sorting"), "")
    assert (item["itemType"], item["publicationTitle"], item["volume"]) == ("journalArticle", "J. Sorting", "7")
    assert "repository" not in item


def test_many_papers_go_in_parts_with_a_session_each(
    zotero: StandIn, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BATCH_ITEMS", 2)
    assert send(zotero, places, *map(entry, range(1, 6))) == SendResult(5, 0)
    assert len(zotero.items) == 5
    assert len(set(zotero.sessions)) == 3


def test_no_paper_is_sent_twice_unless_that_is_wanted(zotero: StandIn, places: Places) -> None:
    assert send(zotero, places, entry(1), entry(1)) == SendResult(1, 0)
    assert send(zotero, places, entry(1), entry(2)) == SendResult(1, 1)
    assert sent_before(places, ["2401.00001", "2401.00003"]) == {"2401.00001"}
    assert send(zotero, places, entry(1), again=True) == SendResult(1, 0)
    assert [item["id"] for item in zotero.items] == ["2401.00001", "2401.00002", "2401.00001"]


def test_nothing_is_sent_that_cannot_be_noted(zotero: StandIn, places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, value: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr("paperdeck.storage.files.small.write_json", full)
    with pytest.raises(ActionFailed, match="Nothing was sent: the disk is full"):
        send(zotero, places, entry())
    assert not zotero.items


def test_nothing_is_sent_while_it_is_unknown_what_was_sent(zotero: StandIn, places: Places) -> None:
    places.state.mkdir(parents=True)
    (places.state / "zotero.json").write_text('{"2401.0')
    for again in (False, True):
        with pytest.raises(PaperdeckError, match=r"zotero\.json is damaged; delete it"):
            send(zotero, places, entry(), again=again)
    assert not zotero.items
    assert (places.state / "zotero.json").read_text() == '{"2401.0'


def test_a_zotero_that_is_not_running_is_one_sentence(places: Places) -> None:
    with pytest.raises(ActionFailed, match="isn't running here"):
        send_to_zotero([entry()], {}, places, "http://127.0.0.1:9")
    assert not sent_before(places, ["2401.00001"])


@pytest.mark.parametrize(
    ("status", "reason"), [(500, "can't change the library that is selected"), (409, "answered 409")]
)
def test_a_refusal_is_one_sentence_and_nothing_counts_as_sent(
    zotero: StandIn, places: Places, status: int, reason: str
) -> None:
    zotero.status = status
    with pytest.raises(ActionFailed, match=reason):
        send(zotero, places, entry())
    assert not sent_before(places, ["2401.00001"])


def test_another_program_at_that_port_is_not_taken_for_zotero(zotero: StandIn, places: Places) -> None:
    zotero.ping_status = 404
    with pytest.raises(ActionFailed, match="isn't Zotero"):
        send(zotero, places, entry())
    assert not zotero.items


def test_a_zotero_that_hangs_is_given_up(zotero: StandIn, places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PING_SECONDS", 0.05)
    zotero.may_answer.clear()
    with pytest.raises(ActionFailed, match="Zotero doesn't answer"):
        send(zotero, places, entry())


@pytest.mark.parametrize("part", ["head", "body"])
def test_an_answer_that_never_ends_is_not_awaited(
    zotero: StandIn, places: Places, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """Any program may listen at Zotero's port."""
    zotero.trickles = part
    if part == "body":
        assert send(zotero, places, entry()) == SendResult(1, 0)
    else:
        monkeypatch.setattr(module, "_PING_SECONDS", 0.1)
        with pytest.raises(ActionFailed, match="doesn't answer"):
            send(zotero, places, entry())


def test_papers_go_to_no_other_machine() -> None:
    assert endpoint_from({}) == ZOTERO
    assert endpoint_from({"PAPERDECK_ZOTERO_ENDPOINT": "http://localhost:1/"}) == "http://localhost:1"
    for address in ("http://example.org", "https://127.0.0.1", "file:///etc", "http://127.0.0.1@example.org"):
        with pytest.raises(InvalidInput):
            endpoint_from({"PAPERDECK_ZOTERO_ENDPOINT": address})
