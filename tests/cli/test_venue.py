"""`venue`, and `--published --complete`: bibliographies are asked when that is wanted, and the reader decides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from paperdeck.storage.fetch.venues import lookup
from paperdeck.storage.library.library import Library
from paperdeck.storage.library.papers import Awaited
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.places import Places
from paperdeck.tui.__main__ import main
from tests.support.hub import FakeHub, item
from tests.support.venues import FakeVenues, info

Capture = pytest.CaptureFixture[str]
SHEEP, GOATS = "2001.00001", "2001.00002"
TITLE, AUTHORS = "Sorting Sheep by Weight", ("Ada Lovelace", "Bo Li")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeVenues]:
    server = FakeVenues().start()
    monkeypatch.setenv("PAPERDECK_VENUE_ENDPOINT", server.url)
    quick = {name: service._replace(interval=0.0) for name, service in lookup.SERVICES.items()}
    monkeypatch.setattr(lookup, "SERVICES", quick)
    server.infos = [info(f"{TITLE}.", "NeurIPS", 2020, *AUTHORS, key="conf/nips/1", pages="1-9")]
    yield server
    server.stop()


@pytest.fixture
def library(places: Places) -> Library:
    library = Library(places)
    papers = [
        Paper(id=SHEEP, title=TITLE, authors=AUTHORS, published=date(2020, 1, 2)),
        Paper(id=GOATS, title="Counting Goats", authors=AUTHORS, published=date(2020, 1, 2)),
    ]
    library.add(papers, "arxiv")
    return library


def test_published_alone_asks_nobody_and_says_so(library: Library, server: FakeVenues, capsys: Capture) -> None:
    assert main(["cite", SHEEP, "--published"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("@misc{lovelace2020sorting,")
    assert "was never looked up" in printed.err
    assert "--complete looks it up" in printed.err
    assert not server.log


def test_complete_asks_once_and_the_key_stays(library: Library, server: FakeVenues, capsys: Capture) -> None:
    assert main(["cite", SHEEP]) == 0
    assert main(["cite", SHEEP, GOATS, "--published", "--complete"]) == 0
    printed = capsys.readouterr()
    before, after = printed.out.split("@misc{lovelace2020sorting,")[1], printed.out
    assert "@inproceedings{lovelace2020sorting," in after
    assert f"eprint        = {{{SHEEP}}}" in before
    assert f"{GOATS} is cited as a preprint; no published form of it is known." in printed.err
    asked = len(server.log)
    assert main(["cite", SHEEP, GOATS, "--published", "--complete"]) == 0
    assert len(server.log) == asked


def test_offline_says_what_is_known(
    library: Library, server: FakeVenues, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["venue", SHEEP, "--complete"])
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    asked = len(server.log)
    capsys.readouterr()
    assert main(["venue", SHEEP]) == 0
    assert main(["cite", SHEEP, GOATS, "--published", "--complete"]) == 0
    printed = capsys.readouterr()
    assert "NeurIPS, 1–9, 2020" in printed.out
    assert "@inproceedings{" in printed.out
    assert len(server.log) == asked
    assert printed.err.count("HF_HUB_OFFLINE") == 1


def test_a_source_that_fails_is_one_sentence(library: Library, server: FakeVenues, capsys: Capture) -> None:
    server.status = 403
    assert main(["cite", SHEEP, GOATS, "--published", "--complete"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert len([line for line in lines if line.startswith("paperdeck: Could not look up")]) == 1


def test_the_reader_refuses_and_undoes_that(library: Library, server: FakeVenues, capsys: Capture) -> None:
    main(["venue", SHEEP, "--complete"])
    assert main(["venue", SHEEP, "--refuse"]) == 1
    assert main(["cite", SHEEP, "--published"]) == 0
    printed = capsys.readouterr()
    assert "@misc{" in printed.out
    assert "as you chose" in printed.err
    assert main(["undo", "--yes"]) == 0
    assert "choose what is cited" in capsys.readouterr().err
    assert main(["cite", SHEEP, "--published"]) == 0
    assert "@inproceedings{" in capsys.readouterr().out
    assert main(["venue", SHEEP, "--refuse"]) == 1
    assert main(["venue", SHEEP, "--reset"]) == 0


def test_the_reader_chooses_between_two(library: Library, server: FakeVenues, capsys: Capture) -> None:
    server.infos.append(info(f"{TITLE}.", "ICML", 2021, *AUTHORS, key="conf/icml/2"))
    assert main(["venue", SHEEP, "--complete", "--json"]) == 1
    lines = json.loads(capsys.readouterr().out)
    assert [(line["state"], line["place"]) for line in lines] == [
        ("perhaps", "NeurIPS, 1–9, 2020"),
        ("perhaps", "ICML, 2021"),
    ]
    assert main(["cite", SHEEP, "--published"]) == 0
    printed = capsys.readouterr()
    assert "perhaps it appeared in NeurIPS, 1–9, 2020 or ICML, 2021" in printed.err
    assert "@misc{" in printed.out
    assert main(["venue", SHEEP, "--choose", "dblp:conf/icml/2"]) == 0
    assert main(["cite", SHEEP, "--published"]) == 0
    assert "ICML" in capsys.readouterr().out
    assert main(["venue", SHEEP, "--choose", "dblp:conf/none"]) == 2


def test_an_export_is_completed_and_a_kept_one_knows_how(
    library: Library, server: FakeVenues, tmp_path: Path, capsys: Capture
) -> None:
    library.mark([SHEEP], starred=True, note="read twice")
    path = tmp_path / "stars.bib"
    options = ["--published", "--complete", "--with-marks", "--keep", "-o", str(path)]
    assert main(["export", "is:starred", *options]) == 0
    assert "@inproceedings{" in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o077 == 0
    assert main(["exports"]) == 0
    assert "--published\t--with-marks" in capsys.readouterr().out
    assert main(["star", GOATS]) == 0
    text = path.read_text(encoding="utf-8")
    assert "@inproceedings{lovelace2020sorting," in text
    assert "@misc{lovelace2020counting," in text
    assert "read twice" in text
    assert main(["venue", SHEEP, "--refuse"]) == 1
    assert "@inproceedings{" not in path.read_text(encoding="utf-8")


def test_the_readers_choice_and_the_records_survive_a_round_trip(
    library: Library, server: FakeVenues, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    main(["venue", SHEEP, "--complete", "--refuse"])
    for form in ("json", "bibtex", "ris", "csl-json"):
        file = tmp_path / f"all.{form}"
        assert main(["export", "--to", form, "--with-marks", "-o", str(file)]) == 0
        with monkeypatch.context() as elsewhere:
            elsewhere.setenv("PAPERDECK_HOME", str(tmp_path / f"home-{form}"))
            assert main(["import", "--offline", str(file)]) == 0
            capsys.readouterr()
            assert main(["venue", SHEEP]) == 1
            assert "\trefused\tNeurIPS, 1–9, 2020\tdblp:conf/nips/1\t" in capsys.readouterr().out


# -- what waits for a connection ---------------------------------------------------------------------------------------


def test_an_import_completes_what_waits_for_a_connection(
    library: Library, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = FakeHub().start()
    try:
        hub.list_day(date(2020, 1, 2), item("2001.00003", "Herding Cats"))
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setenv("PAPERDECK_ARXIV_ENDPOINT", hub.url)
        named, known = tmp_path / "named.txt", tmp_path / "known.txt"
        named.write_text("2001.00003\n", encoding="utf-8")
        known.write_text(f"{SHEEP}\n", encoding="utf-8")
        assert main(["import", "--offline", "--star", str(named)]) == 0
        assert Awaited(places).ids() == ["2001.00003"]
        assert main(["import", str(known)]) == 0
        assert Awaited(places).ids() == []
        paper = Library(places).paper("2001.00003")
        assert paper
        assert paper.title == "Herding Cats"
        assert Library(places).marks("2001.00003").starred
    finally:
        hub.stop()
