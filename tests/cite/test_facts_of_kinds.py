"""For every type of work, each format and style says what identifies it, where it is and who contributed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdeck.storage.cite.formats import cite
from paperdeck.storage.exchange.importing import read_papers
from paperdeck.storage.exchange.zotero import item_of
from paperdeck.storage.kinds import KINDS, OTHER, Kind
from paperdeck.storage.paper import Entry, Paper
from paperdeck.storage.text.names import OTHERS, Name

STYLES = ("apa", "mla", "chicago", "chicago-notes", "ieee")
FORMATS = ("bibtex", "biblatex", "ris", "csl-json")
DATED = {"issued": {"date-parts": [[2019, 5, 3]]}}
ROE = {"author": [{"family": "Roe", "given": "Ann"}]}


def one(text: str) -> Paper:
    imported = read_papers(text)
    assert not imported.leftovers
    (paper,) = imported.papers
    return paper


def from_csl(**facts: Any) -> Paper:
    return one(json.dumps([{"title": "On growth", **ROE, **DATED, **facts}]))


def as_csl(paper: Paper) -> dict[str, Any]:
    return dict(json.loads(cite([paper], "csl-json"))[0])


def from_zotero(**facts: Any) -> Paper:
    creators = [{"creatorType": "author", "firstName": "Ann", "lastName": "Roe"}]
    return one(json.dumps([{"creators": creators, "date": "2019-05-03", **facts}]))


def howpublished(paper: Paper) -> str:
    line = next((line for line in cite([paper], "bibtex").splitlines() if "howpublished" in line), "")
    return line.partition("{")[2].rstrip("},")


def csl_facts(paper: Paper) -> dict[str, Any]:
    return {name: value for name, value in as_csl(paper).items() if name not in ("id", "title", "author", "issued")}


CITEPROC: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "preprint": (
        {"type": "article", "publisher": "bioRxiv", "number": "2020.01.123", "genre": "Preprint"},
        {
            "apa": "Roe, A. (2019). On growth (Preprint 2020.01.123). bioRxiv.",
            "mla": "Roe, Ann. “On Growth.” Preprint 2020.01.123, bioRxiv, 3 May 2019.",
            "chicago": "Roe, Ann. 2019. “On Growth.” Preprint 2020.01.123. bioRxiv, May 3.",
            "chicago-notes": "Roe, Ann. “On Growth.” Preprint 2020.01.123. bioRxiv, May 3, 2019.",
            "ieee": "[1] A. Roe, “On growth,” May 03, 2019, bioRxiv: 2020.01.123.",
        },
    ),
    "standard": (
        {"type": "standard", "number": "ISO 9001", "publisher": "ISO"},
        {
            "apa": "Roe, A. (2019). On growth (ISO 9001). ISO.",
            "mla": "Roe, Ann. On Growth. ISO 9001, ISO, 3 May 2019.",
            "chicago-notes": "Roe, Ann. On Growth. ISO 9001. ISO, May 3, 2019.",
        },
    ),
    "talk": (
        {"type": "speech", "event-title": "NeurIPS 2019", "event-place": "Vancouver"},
        {
            "apa": "Roe, A. (2019, May 3). On growth. NeurIPS 2019, Vancouver.",
        },
    ),
    "paper without proceedings": (
        {"type": "paper-conference", "event-title": "NeurIPS", "event-place": "Vancouver"},
        {
            "chicago": "Roe, Ann. 2019. “On Growth.” Paper presented at NeurIPS, Vancouver.",
        },
    ),
    "program": (
        {"type": "software", "publisher": "Zenodo", "version": "1.2"},
        {
            "apa": "Roe, A. (2019). On growth (Version 1.2) [Computer software]. Zenodo.",
            "mla": "Roe, Ann. On Growth. Version 1.2, Zenodo, 3 May 2019.",
        },
    ),
    "broadcast": (
        {"type": "broadcast", "container-title": "Cosmos", "publisher": "PBS"},
        {"mla": "Roe, Ann. “On Growth.” Cosmos, PBS, 3 May 2019."},
    ),
    "issue": (
        {"type": "periodical", "volume": "3", "issue": "2"},
        {
            "apa": "Roe, A. (2019). On growth. 3(2).",
            "mla": "Roe, Ann. On Growth. Vol. 3, no. 2, 3 May 2019.",
            "chicago": "Roe, Ann. 2019. On Growth. 3 (2).",
        },
    ),
    "translation": (
        {
            "type": "book",
            "publisher": "P",
            "translator": [{"family": "Trans", "given": "Tom"}],
            "editor": [{"family": "Ed", "given": "Eve"}],
        },
        {
            "apa": "Roe, A. (2019). On growth (E. Ed, Ed.; T. Trans, Trans.). P.",
            "chicago": "Roe, Ann. 2019. On Growth. Edited by Eve Ed. Translated by Tom Trans. P.",
            "chicago-notes": "Roe, Ann. On Growth. Edited by Eve Ed. Translated by Tom Trans. P, 2019.",
        },
    ),
    "translated chapter": (
        {
            "type": "chapter",
            "container-title": "The Book",
            "publisher": "P",
            "chapter-number": "3",
            "page": "10-20",
            "translator": [{"family": "Trans", "given": "Tom"}],
        },
        {
            "apa": "Roe, A. (2019). On growth (T. Trans, Trans.). In The Book (pp. 10–20). P.",
            "mla": "Roe, Ann. “On Growth.” The Book, translated by Tom Trans, P, 2019, pp. 10–20.",
            "chicago": "Roe, Ann. 2019. “On Growth.” Chap. 3 in The Book, translated by Tom Trans. P.",
            "ieee": "[1] A. Roe, “On growth,” in The Book, P, 2019, ch. 3, pp. 10–20.",
        },
    ),
    "several authors and others": (
        {"type": "article-journal", "container-title": "J", "author": [*ROE["author"], {"literal": "others"}]},
        {
            "apa": "Roe, A. et al. (2019). On growth. J.",
            "mla": "Roe, Ann, et al. “On Growth.” J, May 2019.",
            "chicago-notes": "Roe, Ann et al. “On Growth.” J, May 3, 2019.",
            "ieee": "[1] A. Roe et al., “On growth,” J, May 2019.",
        },
    ),
}
"""Items, and how pandoc 3.9 (citeproc) cites them in the newest styles of the CSL project."""


@pytest.mark.parametrize(("what", "style"), [(what, style) for what, (_, cited) in CITEPROC.items() for style in cited])
def test_references_match_those_of_citeproc(what: str, style: str) -> None:
    item, cited = CITEPROC[what]
    assert cite([from_csl(**item)], style).strip() == cited[style]


@pytest.mark.parametrize("what", CITEPROC)
def test_csl_comes_back_as_it_was(what: str) -> None:
    item, _ = CITEPROC[what]
    assert as_csl(from_csl(**item)).items() >= item.items()


NUMBERED = [name for name, kind in KINDS.items() if kind.has_number and kind.csl != "thesis"]


@pytest.mark.parametrize("name", NUMBERED)
def test_the_number_that_identifies_a_work_is_in_every_style(name: str) -> None:
    kind = KINDS[name]
    type_ = f"{kind.sort_of}{{k, entrysubtype={{{name}}}" if kind.sort_of else f"{name}{{k"
    paper = one(f"@{type_}, title={{On growth}}, author={{Roe, Ann}}, year=2019, number={{XY 9001}}, publisher={{P}}}}")
    for style in STYLES:
        assert "XY 9001" in cite([paper], style), style
    assert as_csl(paper)["number"] == "XY 9001"


PLACED: dict[str, tuple[dict[str, Any], str]] = {
    "preprint": ({"type": "article", "publisher": "bioRxiv", "number": "1.2"}, "1.2, bioRxiv"),
    "talk": ({"type": "speech", "event-title": "NeurIPS", "publisher-place": "Vancouver"}, "NeurIPS"),
    "talk with a place": ({"type": "speech", "event-title": "NeurIPS", "event-place": "Rome"}, "NeurIPS, Rome"),
    "bill": ({"type": "bill", "number": "HR 5", "container-title": "Cong."}, "HR 5, Cong."),
    "case": (
        {"type": "legal_case", "number": "7", "container-title": "U.S.", "authority": "Court"},
        "7, U.S., Court",
    ),
    "broadcast": ({"type": "broadcast", "container-title": "Cosmos", "publisher": "PBS"}, "Cosmos, PBS"),
    "page": ({"type": "webpage", "container-title": "Blog", "publisher": "P"}, "Blog, P"),
    "unknown": ({"type": "document", "publisher": "SSRN"}, "SSRN"),
    "unknown with a place": ({"type": "document", "container-title": "A place", "publisher": "P"}, "A place, P"),
}


@pytest.mark.parametrize("what", PLACED)
def test_bibtex_says_where_a_work_of_a_type_that_it_lacks_is(what: str) -> None:
    item, place = PLACED[what]
    paper = from_csl(**item)
    assert howpublished(paper) == place
    assert csl_facts(one(cite([paper], "bibtex"))) == csl_facts(paper)


def test_ris_keeps_preprints_of_other_servers() -> None:
    paper = one("TY  - UNPB\nTI  - On growth\nAU  - Roe, Ann\nPB  - SSRN\nPY  - 2019\nER  - \n")
    assert csl_facts(paper) == {"type": "article", "genre": "Preprint", "publisher": "SSRN"}
    assert howpublished(paper) == "SSRN"
    assert csl_facts(one(cite([paper], "ris"))) == csl_facts(paper)


def test_a_preprint_of_another_server_keeps_its_server_in_zotero() -> None:
    facts = {"itemType": "preprint", "repository": "bioRxiv", "archiveID": "1.2", "genre": "Preprint"}
    paper = from_zotero(title="On growth", **facts)
    assert csl_facts(paper) == {"type": "article", "genre": "Preprint", "publisher": "bioRxiv", "number": "1.2"}
    assert item_of(Entry(paper), "").items() >= facts.items()


def test_a_preprint_of_arxiv_stays_one() -> None:
    facts = {"itemType": "preprint", "repository": "arXiv", "archiveID": "arXiv:2401.00012", "genre": "preprint"}
    for paper in (from_zotero(title="T", **facts), from_csl(type="article", number="arXiv:2401.00012", version="3")):
        assert paper.id == "2401.00012"
        assert not dict(paper.record).get("@type")


@pytest.mark.parametrize(
    ("type_", "facts", "csl"),
    [
        (
            "case",
            {"caseName": "T", "court": "Court", "docketNumber": "70-18", "reporter": "U.S.", "reporterVolume": "410"},
            {"authority": "Court", "number": "70-18", "container-title": "U.S.", "volume": "410"},
        ),
        ("statute", {"nameOfAct": "T", "code": "C", "publicLawNumber": "5"}, {"container-title": "C", "number": "5"}),
        ("bill", {"title": "T", "billNumber": "5", "legislativeBody": "L"}, {"number": "5", "authority": "L"}),
        ("hearing", {"title": "T", "committee": "C", "documentNumber": "5"}, {"publisher": "C", "number": "5"}),
        ("conferencePaper", {"title": "T", "conferenceName": "NeurIPS"}, {"event-title": "NeurIPS"}),
        ("presentation", {"title": "T", "meetingName": "NeurIPS"}, {"event-title": "NeurIPS"}),
        ("tvBroadcast", {"title": "T", "programTitle": "Cosmos", "network": "PBS"}, {"container-title": "Cosmos"}),
        ("report", {"title": "T", "seriesTitle": "S", "reportNumber": "5"}, {"collection-title": "S", "number": "5"}),
        ("book", {"title": "T", "numPages": "300"}, {"number-of-pages": "300"}),
    ],
)
def test_zotero_has_fields_of_its_own_for_each_type(type_: str, facts: dict[str, str], csl: dict[str, str]) -> None:
    paper = from_zotero(itemType=type_, **facts)
    assert paper.title == "T"
    assert as_csl(paper).items() >= csl.items()
    assert item_of(Entry(paper), "").items() >= facts.items()


def test_the_subject_of_an_email_is_its_title() -> None:
    assert from_zotero(itemType="email", subject="Hello").title == "Hello"


@pytest.mark.parametrize(("type_", "field"), [("radioBroadcast", "programTitle"), ("podcast", "seriesTitle")])
def test_programmes_are_kept(type_: str, field: str) -> None:
    assert "Serial" in json.dumps(as_csl(from_zotero(title="T", itemType=type_, **{field: "Serial"})))


@pytest.mark.parametrize("publisher", [{}, {"publisher": "P"}])
@pytest.mark.parametrize("type_", ["book", "dataset", "report", "map", "motion_picture", "thesis"])
def test_what_contains_a_whole_work_is_its_series_not_its_publisher(type_: str, publisher: dict[str, str]) -> None:
    paper = from_csl(type=type_, **{"container-title": "Lecture Notes"}, **publisher)
    item = as_csl(paper)
    assert (item["collection-title"], item.get("publisher")) == ("Lecture Notes", publisher.get("publisher"))
    assert "Lecture Notes" in cite([paper], "ris")
    assert "series        = {Lecture Notes}" in cite([paper], "bibtex")


@pytest.mark.parametrize("form", FORMATS)
def test_a_conference_is_the_venue_of_a_paper_without_proceedings(form: str) -> None:
    paper = from_csl(**{"type": "paper-conference", "event-title": "NeurIPS 2019"})
    assert paper.journal_ref == "NeurIPS 2019"
    assert "booktitle     = {NeurIPS 2019}" in cite([paper], "bibtex")
    again = one(cite([paper], form))
    if form != "ris":  # there it is the title of a book
        assert [cite([again], style) for style in STYLES] == [cite([paper], style) for style in STYLES]


def test_a_conference_in_a_table_is_not_a_book() -> None:
    table = '"Key","Item Type","Title","Author","Date","Conference Name","Publication Title","Translator"\n'
    table += '"A","conferencePaper","T","Roe, Ann","2019","NeurIPS","{}","Trans, Tom"\n'
    item = as_csl(one(table.format("")))
    assert (item["event-title"], item.get("container-title")) == ("NeurIPS", None)
    assert item["translator"] == [{"family": "Trans", "given": "Tom"}]
    item = as_csl(one(table.format("Advances")))
    assert (item["event-title"], item["container-title"]) == ("NeurIPS", "Advances")


LEFT_OUT = {
    "@article{k, title={T}, author={Vaswani, Ashish and Zed, Zoe and others}, journal={J}, year=2019}": (
        "Vaswani, A., Zed, Z., et al. (2019). T. J."
    ),
    "@article{k, title={T}, author={Roe, Ann et al.}, journal={J}, year=2019}": "Roe, A. et al. (2019). T. J.",
    "TY  - JOUR\nTI  - T\nAU  - Vaswani, Ashish\nAU  - et al.\nT2  - J\nPY  - 2019\nER  - \n": (
        "Vaswani, A. et al. (2019). T. J."
    ),
    "@book{k, title={T}, editor={Ed, Eve and others}, publisher={P}, year=2019}": "Ed, E. et al. (Eds.). (2019). T. P.",
}


@pytest.mark.parametrize("text", LEFT_OUT)
@pytest.mark.parametrize("form", FORMATS)
def test_omitted_authors_become_others_in_every_format(text: str, form: str) -> None:
    paper = one(text)
    assert "et al." not in paper.authors
    assert cite([paper], "apa").strip() == LEFT_OUT[text]
    again = one(cite([paper], form))
    assert again.authors == paper.authors
    assert [cite([again], style) for style in STYLES] == [cite([paper], style) for style in STYLES]
    assert len(item_of(Entry(paper), "")["creators"]) == len(paper.authors)


@pytest.mark.parametrize("number", [1, 6, 7, 18, 19, 20, 21])
def test_et_al_appears_once_however_many_authors_are_named(number: int) -> None:
    authors = " and ".join(f"A{chr(97 + n)}, Bo" for n in range(number))
    paper = one(f"@article{{k, title={{T}}, author={{{authors} and others}}, journal={{J}}, year=2019}}")
    assert [cite([paper], style).count("et al.") for style in STYLES] == [1] * len(STYLES)
    assert cite([paper], "apa").count("B.") == min(number, 19)


def test_a_group_may_be_called_others() -> None:
    assert Name("others", whole=True) != OTHERS
    paper = one("@article{k, title={T}, author={{The Others}}, journal={J}, year=2019}")
    assert cite([paper], "apa").startswith("The Others. (2019).")


@pytest.mark.parametrize("form", FORMATS)
def test_translators_come_through_every_format(form: str) -> None:
    paper = from_csl(type="book", publisher="P", translator=[{"family": "Trans", "given": "Tom"}])
    again = one(cite([paper], form))
    assert as_csl(again)["translator"] == [{"family": "Trans", "given": "Tom"}]
    assert "T. Trans, Trans." in cite([again], "apa")
    (creator,) = (c for c in item_of(Entry(again), "")["creators"] if c["creatorType"] == "translator")
    assert creator["lastName"] == "Trans"
    assert one(json.dumps([item_of(Entry(again), "")])).record == one(json.dumps([item_of(Entry(paper), "")])).record


FACTS = {
    "event-place": "Rome",
    "status": "forthcoming",
    "PMID": "7",
    "number-of-pages": "300",
    "note": "With a foreword",
    "original-date": {"date-parts": [[1851, 10]]},
    "chapter-number": "3",
}


@pytest.mark.parametrize("form", ["bibtex", "biblatex", "csl-json"])
def test_facts_of_csl_that_no_style_needs_are_kept(form: str) -> None:
    paper = from_csl(type="book", publisher="P", **FACTS)
    assert as_csl(one(cite([paper], form))).items() >= FACTS.items()


@pytest.mark.parametrize("note", ["PMID: 7", "Citation Key: roe"])
def test_facts_that_programs_write_into_the_note_are_not_a_note(note: str) -> None:
    assert "note" not in as_csl(from_csl(type="book", note=note))


@pytest.mark.parametrize(("pages", "part"), [("", "Chapter 3"), ("10--20", "Chapter 3, pp. 10–20")])
def test_the_title_of_bibtexs_inbook_is_the_title_of_the_book(pages: str, part: str) -> None:
    fields = f"chapter={{3}}, pages={{{pages}}}, publisher={{MIT}}, year={{2019}}"
    paper = one(f"@inbook{{k, author={{Roe, Ann}}, title={{The Book}}, {fields}}}")
    assert cite([paper], "apa").strip() == f"Roe, A. (2019). The Book ({part}). MIT."
    assert cite([paper], "chicago").strip() == "Roe, Ann. 2019. The Book. Chap. 3. MIT."
    assert "[1] A. Roe, The Book. MIT, 2019, ch. 3" in cite([paper], "ieee")
    assert (as_csl(paper)["type"], as_csl(paper)["chapter-number"]) == ("book", "3")
    assert "SE  - 3" in cite([paper], "ris")
    assert cite([paper], "bibtex").startswith("@inbook{k,")


def test_the_pages_of_a_whole_book_are_not_cited() -> None:
    assert "350" not in cite([one("@book{k, title={T}, author={Roe, Ann}, pages={350}, year=2019}")], "apa")


def test_an_issue_of_a_periodical_has_no_series() -> None:
    paper = one("@periodical{k, title={Nature}, editor={Ed, Bo}, volume={3}, number={2}, year=2019}")
    item = as_csl(paper)
    assert (item["volume"], item["issue"], item.get("collection-number")) == ("3", "2", None)
    assert "IS  - 2" in cite([paper], "ris")
    for style in STYLES:
        assert {"3", "2"} <= set(cite([paper], style).replace("2019", ""))


WORDS = st.text("abcéß%_09", min_size=1, max_size=6)


@given(st.sampled_from([kind for kind in KINDS.values() if kind.zotero != OTHER.zotero]), WORDS)
def test_an_item_of_zotero_comes_back_as_it_was(kind: Kind, words: str) -> None:
    formal = {"pages", "title", "edition", "isbn", "issn"}  # these hold no arbitrary text
    facts = {name: f"{name} {words}" for field, name in kind.in_zotero.items() if field not in formal}
    paper = from_zotero(itemType=kind.zotero, **{kind.in_zotero.get("title", "title"): "T"}, **facts)
    assert item_of(Entry(paper), "").items() >= facts.items()
