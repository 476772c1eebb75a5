"""Every type of work keeps its type and facts in every format, under the names that each format has for them."""

import json
import re
from typing import Any

import pytest

from paperdeck.storage.cite.formats import cite
from paperdeck.storage.exchange.importing import read_papers
from paperdeck.storage.exchange.zotero import item_of
from paperdeck.storage.kinds import KINDS, kind_of, names_by, record_of
from paperdeck.storage.paper import Entry, Paper
from paperdeck.storage.text.words import word_pairs


def one(text: str) -> Paper:
    imported = read_papers(text)
    assert not imported.leftovers
    (paper,) = imported.papers
    return paper


def fields_of(entry: str) -> dict[str, str]:
    """The fields of a BibTeX entry; its type is `@`."""
    type_ = entry.partition("{")[0].removeprefix("@")
    return {"@": type_} | dict(re.findall(r"^  (\w+) += \{?(.*?)\}?,$", entry, re.MULTILINE))


def items(text: str, **options: bool) -> dict[str, Any]:
    (item,) = json.loads(cite([one(text)], "csl-json", **options))
    return dict(item)


ENTRY = "author={{Roe, Ann}}, title={{On growth}}, {}}}"
IN_BIBTEX = {
    "@article{k, journaltitle={J}, date={2019-05-03}, location={X}, eid={e7}, issue={2}, ": (
        "article",
        {"journal": "J", "year": "2019", "month": "may", "address": "X", "pages": "e7", "number": "2"},
    ),
    "@thesis{k, type={phdthesis}, institution={U}, date={2014}, ": ("phdthesis", {"school": "U", "year": "2014"}),
    "@thesis{k, type={Master’s thesis}, institution={U}, date={2014-06/2014-07}, ": (
        "mastersthesis",
        {"school": "U", "year": "2014", "month": "jun"},
    ),
    "@thesis{k, type={PhD thesis}, institution={U}, ": ("phdthesis", {"school": "U"}),
    "@phdthesis{k, type={Ph.D. thesis}, school={U}, ": ("phdthesis", {"type": "{Ph.D. thesis}"}),
    "@report{k, institution={World Bank}, ": ("techreport", {"type": "Report"}),
    "@report{k, type={techreport}, institution={L}, number={TR-5}, date={2013}, ": (
        "techreport",
        {"institution": "L", "number": "TR-5", "year": "2013"},
    ),
    "@collection{k, publisher={P}, date={2013}, edition={2}, ": ("book", {"publisher": "P", "edition": "2nd"}),
    "@inbook{k, booktitle={B}, booksubtitle={S}, publisher={P}, date={2013}, ": ("incollection", {"booktitle": "B: S"}),
    "@patent{k, number={US1}, holder={Inc}, date={2013}, ": ("misc", {"howpublished": "Patent US1, Inc"}),
    "@software{k, version={1.2}, publisher={Zenodo}, date={2013}, ": ("misc", {"howpublished": "Zenodo, version 1.2"}),
    "@online{k, url={https://x.org/}, organization={Blog}, date={2013}, ": ("misc", {"howpublished": "Blog"}),
    "@dataset{k, publisher={Zenodo}, date={2013}, ": ("misc", {"howpublished": "Zenodo", "year": "2013"}),
    "@patent{k, type={patentus}, location={countryus}, holder={Inc}, ": (
        "misc",
        {"type": "U.S. patent", "address": "United States"},
    ),
    "@book{k, date={-0044}, publisher={P}, ": ("book", {"year": "-0044"}),
    "@book{k, date={2018-05}, year={2019}, publisher={P}, ": ("book", {"year": "2018", "month": "may"}),
    "@book{k, date={2018}, year={2018}, month=may, publisher={P}, ": ("book", {"year": "2018", "month": "may"}),
    "@article{k, journal={J}, subtitle={A study}, year={2019}, ": ("article", {"title": "On growth: A study"}),
}


@pytest.mark.parametrize("start", IN_BIBTEX)
def test_bibtex_has_the_types_and_fields_of_its_own_styles(start: str) -> None:
    type_, expected = IN_BIBTEX[start]
    fields = fields_of(cite([one(start + ENTRY.format(""))], "bibtex"))
    assert fields["@"] == type_
    assert fields.items() >= expected.items()
    assert fields.get("type") == expected.get("type")
    left = {"journaltitle", "date", "location", "subtitle", "booksubtitle", "eid", "issue"}
    assert not left & fields.keys()


def test_biblatex_keeps_what_was_written_for_it() -> None:
    thesis = "@thesis{k, type={phdthesis}, institution={U}, date={2014-06-03}, " + ENTRY.format("")
    entry = cite([one(thesis)], "biblatex")
    assert entry.startswith("@thesis{k,")
    assert fields_of(entry).items() >= {"institution": "U", "date": "2014-06-03", "type": "phdthesis"}.items()


@pytest.mark.parametrize("type_", ["report", "thesis"])
def test_a_report_or_thesis_of_unknown_kind_stays_one_in_every_format(type_: str) -> None:
    item = {"id": "k", "type": type_, "title": "T", "publisher": "World Bank"}
    for form in ("bibtex", "biblatex", "ris", "csl-json"):
        assert items(cite([one(json.dumps([item]))], form)) == item


def test_keys_of_biblatex_are_spelled_out_in_other_formats() -> None:
    patent = "@patent{k, type={patentus}, location={countryus}, date={2013}, " + ENTRY.format("")
    assert items(patent)["publisher-place"] == "United States"
    assert "type          = {patentus}" in cite([one(patent)], "biblatex")


@pytest.mark.parametrize("said", ["year={in press}", "pubstate={inpress}"])
def test_a_work_in_press_says_so_where_others_have_a_year(said: str) -> None:
    paper = one(f"@article{{k, journal={{J}}, {said}, " + ENTRY.format(""))
    assert cite([paper], "apa").startswith("Roe, A. (in press). On growth.")
    assert cite([paper], "chicago").startswith("Roe, Ann. In press. “On Growth.”")
    (item,) = json.loads(cite([paper], "csl-json"))
    assert item["status"] == "in press"
    assert items(json.dumps([item])) == item
    assert "n.d." in cite([one("@article{k, journal={J}, year={n.d.}, " + ENTRY.format(""))], "apa")


METADATA = {
    "id": "1803.00001",
    "title": "Growth of things",
    "authors": "Ann Roe",
    "authors_parsed": [["Roe", "Ann", ""]],
    "versions": [{"version": "v1", "created": "Thu, 1 Mar 2018 10:00:00 GMT"}],
    "journal-ref": "Phys. Rev. D 98, 030001 (2018)",
    "abstract": "s",
}


def test_the_arxiv_id_is_not_the_number_of_a_published_article() -> None:
    """Styles print the number of an article in place of its pages."""
    item = items(json.dumps(METADATA), published=True)
    assert (item["type"], item["page"], item["note"]) == ("article-journal", "030001", "arXiv:1803.00001")
    assert "number" not in item
    assert items(json.dumps(METADATA))["number"] == "arXiv:1803.00001"
    assert read_papers(json.dumps([item])).papers[0].id == "1803.00001"


CSL_ITEMS = (
    {"type": "patent", "number": "US1234567", "publisher": "Inc"},
    {"type": "software", "version": "1.2.3", "publisher": "Zenodo"},
    {"type": "dataset", "version": "2", "publisher": "Zenodo"},
    {"type": "webpage", "container-title": "Blog"},
    {"type": "article-newspaper", "container-title": "The Times"},
    {"type": "article-magazine", "container-title": "The Week", "issue": "3"},
    {"type": "entry-encyclopedia", "container-title": "Britannica", "publisher": "Brit"},
    {"type": "thesis", "genre": "Diploma thesis", "publisher": "U"},
    {"type": "report", "genre": "White paper", "number": "5", "publisher": "Lab", "publisher-place": "X"},
    {"type": "paper-conference", "container-title": "Proc", "event-title": "Conf 2019"},
    {"type": "book", "collection-title": "Series", "collection-number": "7", "publisher": "P", "edition": "2"},
    {"type": "speech"},
    {"type": "motion_picture"},
    {"type": "article-journal", "container-title": "PLoS", "volume": "7", "page": "e123"},
)


@pytest.mark.parametrize("facts", CSL_ITEMS, ids=lambda facts: facts["type"])
def test_csl_comes_back_as_it_was(facts: dict[str, str]) -> None:
    item = {"id": "key1", "title": "T", "author": [{"family": "Roe", "given": "Ann"}]} | facts
    assert items(json.dumps([item])) == item


@pytest.mark.parametrize("facts", CSL_ITEMS[:9], ids=lambda facts: facts["type"])
@pytest.mark.parametrize("form", ["biblatex", "ris"])
def test_other_formats_keep_type_and_facts(facts: dict[str, str], form: str) -> None:
    item = {"id": "key1", "title": "T", "author": [{"family": "Roe", "given": "Ann"}]} | facts
    again = items(cite([one(json.dumps([item]))], form))
    assert again.items() >= item.items()


def test_the_publisher_of_a_dataset_is_not_its_container() -> None:
    dataset = "@dataset{k, publisher={Zenodo}, year={2020}, " + ENTRY.format("")
    assert "T2  - " not in cite([one(dataset)], "ris")
    assert "PB  - Zenodo" in cite([one(dataset)], "ris")
    assert "container-title" not in items(dataset)
    chapter = "@inbook{k, publisher={P}, pages={1--2}, year={2020}, " + ENTRY.format("")
    assert "container-title" not in items(chapter)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("@thesis{k, institution={U}, ", {"itemType": "thesis", "university": "U"}),
        (
            "@report{k, institution={L}, number={TR-5}, ",
            {"itemType": "report", "institution": "L", "reportNumber": "TR-5"},
        ),
        (
            "@book{k, publisher={P}, address={X}, edition={2}, isbn={9780262035613}, ",
            {"itemType": "book", "publisher": "P", "place": "X", "edition": "2", "ISBN": "9780262035613"},
        ),
        ("@patent{k, number={US1}, holder={Inc}, ", {"itemType": "patent", "patentNumber": "US1", "assignee": "Inc"}),
        (
            "@software{k, version={1.2}, publisher={Zenodo}, ",
            {"itemType": "computerProgram", "versionNumber": "1.2", "company": "Zenodo"},
        ),
    ],
)
def test_zotero_gets_types_and_facts_in_its_own_fields(entry: str, expected: dict[str, str]) -> None:
    paper = one(entry + ENTRY.format("year={2014}"))
    item = item_of(Entry(paper), "k")
    assert item.items() >= expected.items()
    assert "issue" not in item
    csl = json.loads(cite([paper], "csl-json"))[0]
    assert items(json.dumps([item])).items() >= {n: v for n, v in csl.items() if n not in ("id", "genre")}.items()


RIS_FIELDS = {
    "TY  - JOUR\nT2  - J\nSP  - 5-9": {"pages": "5--9"},
    "TY  - JOUR\nT2  - J\nSP  - 5\nEP  - 9": {"pages": "5--9"},
    "TY  - RPRT\nSN  - TR-5\nPB  - L": {"number": "TR-5", "institution": "L"},
    "TY  - RPRT\nM1  - 7\nPB  - L": {"number": "7"},
    "TY  - BOOK\nT2  - Series\nPB  - P\nSN  - 9780262035613": {"series": "Series", "publisher": "P"},
    "TY  - THES\nM3  - Master thesis\nPB  - U": {"@": "mastersthesis", "school": "U"},
    "TY  - JOUR\nT2  - J\nSN  - 1234-5678": {"issn": "1234-5678"},
    "TY  - RPRT\nSN  - 1234-5678\nSN  - 9780306406157\nSN  - 12": {
        "issn": "1234-5678",
        "isbn": "9780306406157",
        "number": "12",
    },
    "TY  - CHAP\nT2  - B\nT3  - S\nM1  - 77": {"booktitle": "B", "series": "S", "number": "77"},
}


@pytest.mark.parametrize("lines", RIS_FIELDS)
def test_ris_has_tags_that_mean_different_things_in_each_type(lines: str) -> None:
    paper = one(f"{lines}\nTI  - T\nAU  - Roe, Ann\nPY  - 2001\nER  - \n")
    fields = fields_of(cite([paper], "bibtex"))
    assert fields.items() >= RIS_FIELDS[lines].items()
    assert set(fields) & {"issn"} <= RIS_FIELDS[lines].keys()


ROUND = (
    "@patent{k, number={US1}, holder={Inc}, date={2019-02-03}",
    "@dataset{k, institution={CERN}, version={2}, date={2019}",
    "@software{k, publisher={Zenodo}, version={3.1}, date={2019-02}",
    "@online{k, organization={Blog}, date={2019-02-03}",
    "@report{k, institution={Lab}, type={resreport}, number={12}, issn={1234-5678}, isbn={9780306406157}, date={2019}",
    "@thesis{k, institution={U}, type={bathesis}, date={2019}",
    "@jurisdiction{k, institution={Court}, number={12}, date={2019}",
    "@standard{k, organization={ISO}, number={690}, date={2019}",
    "@movie{k, publisher={Studio}, date={2019}",
    "@video{k, publisher={Studio}, date={2019}",
    "@audio{k, publisher={Label}, date={2019}",
    "@legislation{k, date={2019}",
    "@periodical{k, publisher={P}, date={2019}",
    "@image{k, date={2019}",
    "@letter{k, date={2019}",
    "@inreference{k, booktitle={Britannica}, date={2019}",
    "@incollection{k, booktitle={B}, series={S}, number={77}, publisher={P}, date={2019}",
    "@article{k, journaltitle={The Times}, entrysubtype={newspaper}, date={2019-02-03}",
    "@online{k, entrysubtype={blog}, date={2019-02-03}",
    "@misc{k, entrysubtype={map}, publisher={P}, date={2019}",
    "@inreference{k, entrysubtype={dictionaryentry}, booktitle={OED}, date={2019}",
    "@article{k, journaltitle={PLoS}, volume={7}, eid={e123}, date={2019}",
)
"""Entries of biblatex whose types and facts every format has."""


@pytest.mark.parametrize("start", ROUND, ids=lambda start: start.partition("{")[0])
@pytest.mark.parametrize("form", ["bibtex", "biblatex", "ris", "csl-json"])
def test_a_work_read_back_is_the_same_work(start: str, form: str) -> None:
    paper = one(start + ", " + ENTRY.format("abstract={A}"))
    again = one(cite([paper], form))
    assert items_of(again)["type"] == items_of(paper)["type"] != "document"
    for style in ("apa", "chicago", "ieee"):
        assert cite([again], style) == cite([paper], style)


def items_of(paper: Paper) -> dict[str, Any]:
    return dict(json.loads(cite([paper], "csl-json"))[0])


def test_every_type_has_one_name_in_each_format() -> None:
    for name, kind in KINDS.items():
        assert kind_of(*record_of(name).values()) == kind
        assert KINDS[names_by("csl")[kind.csl]].csl == kind.csl


@pytest.mark.parametrize(
    ("entry", "howpublished"),
    [
        ("@dataset{k, institution={CERN}, version={2}, ", "CERN, version 2"),
        ("@jurisdiction{k, institution={Court}, number={12}, ", "12, Court"),
        ("@periodical{k, number={2}, ", None),
        ("@misc{k, number={2}, publisher={P}, ", None),
    ],
)
def test_bibtex_says_in_words_what_it_has_no_type_for(entry: str, howpublished: str | None) -> None:
    assert fields_of(cite([one(entry + ENTRY.format("year={2014}"))], "bibtex")).get("howpublished") == howpublished


@pytest.mark.parametrize(
    ("type_", "genre"),
    [
        ("@thesis{k, type={bathesis}, ", "Bachelor’s thesis"),
        ("@thesis{k, type={candthesis}, ", "Candidate thesis"),
        ("@report{k, type={resreport}, ", "Research report"),
        ("@report{k, type={techreport}, ", None),
        ("@thesis{k, type={mathesis}, ", None),
    ],
)
def test_bibtex_has_no_word_that_only_biblatex_translates(type_: str, genre: str | None) -> None:
    assert fields_of(cite([one(type_ + ENTRY.format("year={2014}"))], "bibtex")).get("type") == genre


RIS_TYPES = word_pairs(
    "BLOG post-weblog CASE legal_case MAP map STAND standard MPCT motion_picture VIDEO motion_picture SOUND song "
    "MUSIC musical_score STAT legislation BILL bill DICT entry-dictionary"
)


@pytest.mark.parametrize(("type_", "csl"), RIS_TYPES.items())
def test_types_of_ris_have_a_name_in_csl(type_: str, csl: str) -> None:
    paper = one(f"TY  - {type_}\nTI  - T\nPY  - 2001\nER  - \n")
    assert items_of(paper)["type"] == csl
    assert cite([paper], "ris").startswith(f"TY  - {type_}\n")


@pytest.mark.parametrize("form", ["ris", "csl-json", "bibtex"])
def test_the_link_of_a_doi_is_not_a_project_page(form: str) -> None:
    paper = one("@article{k, journal={J}, year={2019}, doi={10.1000/xyz}, " + ENTRY.format(""))
    assert paper.project_url is None
    assert one(cite([paper], form)).project_url is None
    assert one("@misc{k, url={https://x.org/}, " + ENTRY.format("")).project_url == "https://x.org/"


ZOTERO = {
    ("patent", "inventor", "issueDate=2020", "assignee=Acme", "patentNumber=US1"): (
        "Roe, A. (2020). T (Patent No. US1). Acme."
    ),
    ("computerProgram", "programmer", "date=2020", "company=Acme"): "Roe, A. (2020). T [Computer software]. Acme.",
    ("film", "director", "date=2020", "distributor=Acme"): "Roe, A. (2020). T. Acme.",
    ("presentation", "presenter", "date=2020", "meetingName=Meet"): "Roe, A. (2020). T. Meet.",
    ("dictionaryEntry", "author", "date=2020", "dictionaryTitle=OED"): "Roe, A. (2020). T. In OED.",
    ("blogPost", "author", "date=2020-03-04", "blogTitle=Blog"): "Roe, A. (2020, March 4). T. Blog.",
    ("forumPost", "author", "date=2020-03-04", "forumTitle=Forum"): "Roe, A. (2020, March 4). T. Forum.",
    ("standard", "author", "date=2020", "organization=ISO"): "Roe, A. (2020). T. ISO.",
    ("podcast", "podcaster", "date=2020"): "Roe, A. (2020). T.",
}


@pytest.mark.parametrize("facts", ZOTERO, ids=lambda facts: facts[0])
def test_the_fields_and_people_of_every_type_of_zotero_are_read(facts: tuple[str, ...]) -> None:
    type_, role, *fields = facts
    creators = [{"creatorType": role, "firstName": "Ann", "lastName": "Roe"}]
    item = {"itemType": type_, "title": "T", "creators": creators} | dict(field.split("=") for field in fields)
    paper = one(json.dumps([item]))
    assert cite([paper], "apa").strip() == ZOTERO[facts]
    table = '"Key","Item Type","Title","Author","Date"\n' + f'"A","{type_}","T","Roe, Ann","2020"\n'
    assert items(table)["type"] == items_of(paper)["type"] != "document"


def test_a_number_of_an_article_is_not_that_of_the_issue() -> None:
    article = {"type": "article-journal", "title": "T", "container-title": "PLoS", "volume": "7"}
    for facts in ({"number": "e123"}, {"number": "e123", "issue": "4"}, {"article-number": "e123"}):
        item = items(json.dumps([article | facts]))
        assert (item["page"], item.get("issue")) == ("e123", facts.get("issue"))


def test_a_field_of_another_type_is_not_a_venue() -> None:
    """A publisher isn't where a book is, and a program isn't published by what some table calls its label."""
    book = items(json.dumps([{"type": "book", "title": "T", "publisher": "P", "label": "L", "code": "C"}]))
    assert (book["publisher"], "container-title" in book) == ("P", False)
    assert not one(json.dumps([{"title": "T", "code": "https://x.org", "label": "1", "network": "N"}])).journal_ref


def test_zotero_gets_publisher_and_venue_in_fields_that_it_has() -> None:
    other = item_of(Entry(one("@misc{k, howpublished={NYT}, publisher={Random}, " + ENTRY.format("year=2014"))), "k")
    assert other["publisher"] == "Random"
    lone = item_of(Entry(one("@misc{k, howpublished={NYT}, " + ENTRY.format("year=2014"))), "k")
    assert lone["publisher"] == "NYT"
    notes = item_of(Entry(one("@unpublished{k, howpublished={Lecture notes}, " + ENTRY.format("year=2014"))), "k")
    assert "" not in notes


def test_a_table_of_zotero_has_numbers_versions_and_sorts() -> None:
    table = (
        '"Key","Item Type","Title","Author","Publisher","Number","Type","Version","Issue"\n'
        '"A","{}","T","Roe, Ann","P","{}","{}","{}",""\n'
    )
    assert items(table.format("patent", "US1", "", "")).items() >= {"type": "patent", "number": "US1"}.items()
    assert (
        items(table.format("computerProgram", "", "", "1.2")).items() >= {"type": "software", "version": "1.2"}.items()
    )
    assert items(table.format("thesis", "", "Diploma", "")).items() >= {"type": "thesis", "genre": "Diploma"}.items()
    own = '"Key","Item Type","Title","Series Number","Assignee","Publisher"\n"A","{}","T","{}","{}",""\n'
    assert items(own.format("book", "7", "")).items() >= {"type": "book", "collection-number": "7"}.items()
    assert items(own.format("patent", "", "Inc")).items() >= {"type": "patent", "publisher": "Inc"}.items()
