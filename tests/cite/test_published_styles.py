"""References to published works are those that pandoc's citeproc makes, for every type of work and style."""

import json
from pathlib import Path
from typing import Any

import pytest

from paperdeck.storage.cite.formats import cite
from paperdeck.storage.exchange.importing import read_papers

STYLES = ("apa", "mla", "chicago", "chicago-notes", "ieee")
GOLDEN: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "golden_published.json").read_text(encoding="utf-8"),
)
"""What pandoc 2.17 (citeproc) makes of each item of CSL-JSON alone, by the styles of the CSL project, without the marks
of italics."""
CASES = {(style, case["item"]["id"]): (case["item"], case["references"][style]) for case in GOLDEN for style in STYLES}
EXCUSED = {
    # The styles of CSL take an edition in words as it is, and IEEE's repeats the volume.
    ("apa", "book-series"): "Roe, A. (2016). The book of growth (3rd ed., Vol. 2). Springer. https://x.org/a",
    ("mla", "book-series"): "Roe, Ann. The Book of Growth. 3rd ed., vol. 2, Springer, 2016, https://x.org/a.",
    ("chicago", "book-series"): (
        "Roe, Ann. 2016. The Book of Growth. 3rd ed. Vol. 2. Texts in Growth 7. Springer. https://x.org/a."
    ),
    ("chicago-notes", "book-series"): (
        "Roe, Ann. The Book of Growth. 3rd ed. Vol. 2. Texts in Growth 7. Springer, 2016. https://x.org/a."
    ),
    ("ieee", "book-series"): (
        "[1] A. Roe, The book of growth, 3rd ed., vol. 2. in Texts in Growth, no. 7. Springer, 2016. "
        "[Online]. Available: https://x.org/a"
    ),
    # IEEE's guide wants the volume of proceedings, and a space before the series.
    ("ieee", "conf"): (
        "[1] A. Roe and J. Doe, “Growing faster,” in Proceedings of the 35th Conference on Growth, vol. 80. PMLR, "
        "2018, pp. 1861–1870."
    ),
    ("ieee", "chapter-full"): (
        "[1] A. Roe, “A chapter on growth,” in The handbook, E. Ed and M. Fy, Eds., 3rd ed., vol. 2, in Handbooks. "
        "Berlin: Springer, 2015, pp. 20–30. doi: 10.1000/h."
    ),
    ("ieee", "encyclopedia"): "[1] A. Roe, “Growth,” in Britannica, Brit, 2021, pp. 7–9.",
    ("ieee", "patent"): "[1] A. Roe, “A device that grows,” US1234567, May 03, 2020.",
    # The number of a report is a fact that Chicago's style for notes forgets.
    ("chicago-notes", "report"): (
        "Roe, Ann. “A Report on Growth.” Technical report TR-5. Xtown: A Lab, June 2013. https://x.org/r."
    ),
    ("chicago-notes", "report-num"): "Roe, Ann. “A Report on Growth.” 3. A Lab, 2013.",
    # APA's manual names the kind of a program.
    ("apa", "software"): (
        "Roe, A. (2020). A program that grows (Version 1.2.3) [Computer software]. Zenodo. https://x.org/s"
    ),
    # The version of data is a fact that the older styles forget, or print as a bare number.
    ("mla", "dataset"): (
        "Roe, Ann. A Dataset of Growth. Version 1.2, Zenodo, 3 May 2020, https://doi.org/10.5281/zenodo.1."
    ),
    ("chicago", "dataset"): (
        "Roe, Ann. 2020. “A Dataset of Growth.” Version 1.2. Zenodo. https://doi.org/10.5281/zenodo.1."
    ),
    ("chicago-notes", "dataset"): (
        "Roe, Ann. “A Dataset of Growth.” Version 1.2. Zenodo, May 3, 2020. https://doi.org/10.5281/zenodo.1."
    ),
    ("ieee", "dataset"): (
        "[1] A. Roe, “A dataset of growth.” Zenodo, version 1.2, May 03, 2020. doi: 10.5281/zenodo.1."
    ),
    ("mla", "software"): "Roe, Ann. A Program That Grows. Version 1.2.3, Zenodo, 2020, https://x.org/s.",
    ("chicago", "software"): "Roe, Ann. 2020. “A Program That Grows.” Version 1.2.3. Zenodo. https://x.org/s.",
    ("chicago-notes", "software"): "Roe, Ann. “A Program That Grows.” Version 1.2.3. Zenodo, 2020. https://x.org/s.",
    ("ieee", "software"): (
        "[1] A. Roe, “A program that grows.” Zenodo, version 1.2.3, 2020. [Online]. Available: https://x.org/s"
    ),
    # A work of unknown type is cited like an article, so that volume and pages stay.
    ("apa", "misc-venue"): "Roe, A. (2021). A thing that grew. A place of growth, 3, 5–6. https://doi.org/10.1000/m",
    (
        "chicago",
        "misc-venue",
    ): "Roe, Ann. 2021. “A Thing That Grew.” A Place of Growth 3: 5–6. https://doi.org/10.1000/m.",
    ("chicago-notes", "misc-venue"): (
        "Roe, Ann. “A Thing That Grew.” A Place of Growth 3 (2021): 5–6. https://doi.org/10.1000/m."
    ),
    (
        "ieee",
        "misc-venue",
    ): "[1] A. Roe, “A thing that grew,” A place of growth, vol. 3, pp. 5–6, 2021. doi: 10.1000/m.",
}
"""References that differ from citeproc's, with the reasons."""


@pytest.mark.parametrize(("style", "name"), CASES)
def test_references_to_published_works_match_those_of_citeproc(style: str, name: str) -> None:
    item, text = CASES[style, name]
    (paper,) = read_papers(json.dumps([item])).papers
    expected = EXCUSED.get((style, name)) or text.replace("Available: ", "[Online]. Available: ")
    assert cite([paper], style).strip() == expected


def test_the_place_of_publication_that_authors_gave_is_cited_in_each_style() -> None:
    """What `--published` makes of a journal reference."""
    item = {
        "id": "1803.00001",
        "title": "Growth",
        "authors": "Ann Roe",
        "authors_parsed": [["Roe", "Ann", ""]],
        "versions": [{"version": "v1", "created": "Thu, 1 Mar 2018 10:00:00 GMT"}],
        "journal-ref": "Phys. Rev. D 98, 030001 (2018)",
        "doi": "10.1103/x",
    }
    (paper,) = read_papers(json.dumps(item)).papers
    assert [cite([paper], style, published=True).strip() for style in ("mla", "chicago", "chicago-notes", "ieee")] == [
        "Roe, Ann. “Growth.” Phys. Rev. D, vol. 98, 2018, p. 030001, https://doi.org/10.1103/x.",
        "Roe, Ann. 2018. “Growth.” Phys. Rev. D 98: 030001. https://doi.org/10.1103/x.",
        "Roe, Ann. “Growth.” Phys. Rev. D 98 (2018): 030001. https://doi.org/10.1103/x.",
        "[1] A. Roe, “Growth,” Phys. Rev. D, vol. 98, p. 030001, 2018, doi: 10.1103/x.",
    ]


@pytest.mark.parametrize(
    ("pages", "mla", "chicago"),
    [
        ("71--72", "pp. 71–72", "71–72"),
        ("100--104", "pp. 100–04", "100–104"),
        ("101--108", "pp. 101–08", "101–8"),
        ("321--328", "pp. 321–28", "321–28"),
        ("1496--1504", "pp. 1496–504", "1496–1504"),
        ("1100--1113", "pp. 1100–13", "1100–1113"),
        ("13792--13803", "pp. 13792–803", "13792–803"),
        ("1-9, 12-14", "pp. 1–9, 12–14", "1–9, 12–14"),
        ("9-1", "p. 9-1", "9-1"),
        ("e12", "p. e12", "e12"),
    ],
)
def test_ranges_of_pages_are_as_short_as_the_style_wants(pages: str, mla: str, chicago: str) -> None:
    text = f"@article{{k, author={{Roe, Ann}}, title={{T}}, journal={{J}}, volume=1, pages={{{pages}}}, year=2001}}"
    (paper,) = read_papers(text).papers
    assert cite([paper], "mla").strip().endswith(f"2001, {mla}.")
    assert cite([paper], "chicago").strip().endswith(f"J 1: {chicago}.")


def test_a_patent_without_an_assignee_is_one_sentence() -> None:
    text = "@patent{k, title={A Device}, author={Edison, Thomas A.}, number={US 223,898}, year={1880}}"
    (paper,) = read_papers(text).papers
    assert cite([paper], "chicago-notes").strip() == "Edison, Thomas A. A Device. US 223,898, issued 1880."


def test_the_organization_of_a_web_page_is_its_site() -> None:
    entry = (
        "@online{k, author={Roe, Ann}, title={On pages}, organization={Blog}, url={https://x.org/}, date={2019-05-03}}"
    )
    (paper,) = read_papers(entry).papers
    assert [cite([paper], style).strip() for style in STYLES] == [
        "Roe, A. (2019, May 3). On pages. Blog. https://x.org/",
        "Roe, Ann. On Pages. Blog, 3 May 2019, https://x.org/.",
        "Roe, Ann. 2019. “On Pages.” Blog. May 3, 2019. https://x.org/.",
        "Roe, Ann. “On Pages.” Blog, May 3, 2019. https://x.org/.",
        "[1] A. Roe, “On pages,” Blog, May 03, 2019. https://x.org/",
    ]
