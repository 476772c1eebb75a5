"""A paper is recognised in whatever somebody pastes, and always gets the same id."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdeck.storage import identifiers
from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.identifiers import (
    UNDATED,
    Reference,
    document_id,
    file_stem,
    is_local,
    is_paper_id,
    local_id,
    month_of,
    parse_reference,
    reference_id,
)

ARCHIVES = ["hep-th", "math", "cs", "astro-ph", "cond-mat", "q-bio", "quant-ph", "cmp-lg"]


@st.composite
def new_ids(draw: st.DrawFn) -> str:
    """Ids of today's scheme, from April 2007 on."""
    month = draw(st.integers(7 * 12 + 3, 90 * 12 + 11))
    yymm = f"{month // 12:02}{month % 12 + 1:02}"
    digits = 5 if yymm >= "1501" else 4
    return f"{yymm}.{draw(st.integers(1, 10**digits - 1)):0{digits}}"


@st.composite
def old_ids(draw: st.DrawFn) -> str:
    """Ids of the scheme until March 2007, without a subject class."""
    month = draw(st.integers(91 * 12, 107 * 12 + 2))
    return f"{draw(st.sampled_from(ARCHIVES))}/{month // 12 % 100:02}{month % 12 + 1:02}{draw(st.integers(1, 999)):03}"


@st.composite
def local_ids(draw: st.DrawFn) -> str:
    """Ids that paperdeck makes itself."""
    month = draw(st.one_of(st.just(UNDATED), st.dates().map(lambda day: f"{day.year:04}-{day.month:02}")))
    return local_id(draw(st.text()), draw(st.text()), month)


ARXIV_IDS = new_ids() | old_ids()
IDS = ARXIV_IDS | local_ids()
ID = "2401.12345"


# -- recognising -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "  {}\n",
        "arXiv:{}",
        "arxiv: {}",
        "[arXiv:{}]",
        "https://arxiv.org/abs/{}",
        "http://www.arxiv.org/abs/{}",
        "https://export.arxiv.org/pdf/{}",
        "https://arxiv.org/pdf/{}.pdf",
        "https://arxiv.org/html/{}#S2",
        "https://arxiv.org/html/{}/extra.html",
        "<https://arxiv.org/abs/{}>",
        "arxiv.org/abs/{}.",
        "https://arxiv.org/abs/{}?context=cs.CL",
        "https://arxiv.org/bibtex/{}",
        "arxiv.org/abs/{}",
        "https://ar5iv.labs.arxiv.org/html/{}",
        "https://ar5iv.org/abs/{}",
        "https://huggingface.co/papers/{}",
        "https://huggingface.co/papers/{}/",
        "https://huggingface.co/papers/{}.md",
        "https://huggingface.co/papers/{}#community",
        "huggingface.co/papers/{}",
        "https://hf.co/papers/{}",
        "https://www.alphaxiv.org/abs/{}",
        "https://alphaxiv.org/overview/{}",
        "https://doi.org/10.48550/arXiv.{}",
        "https://dx.doi.org/10.48550/arxiv.{}",
        "10.48550/arXiv.{}",
        "http://127.0.0.1:8080/papers/{}",
        "arXiv:{} [cs.CL]",
        "arXiv:{} [cs.CL] 12 Jan 2024",
        "arXiv preprint arXiv:{}",
        "oai:arXiv.org:{}",
        "https://cn.arxiv.org/abs/{}",
        "https://arxiv.org/abs/arXiv:{}",
        "https://hf-mirror.com/papers/{}",
        "https://scirate.com/arxiv/{}",
        "https://www.semanticscholar.org/arxiv/{}",
        "https://ui.adsabs.harvard.edu/abs/arXiv:{}",
        "doi:10.48550/arXiv.{}",
    ],
)
@pytest.mark.parametrize("paper_id", [ID, "0704.0001", "hep-th/9901001"])
def test_every_common_form_is_recognised(text: str, paper_id: str) -> None:
    assert parse_reference(text.format(paper_id)) == Reference(paper_id)


def test_a_link_to_the_host_of_the_environments_endpoint_is_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifiers, "hub_site", lambda _environ=None: "https://hub.example.org/mirror")
    assert parse_reference(f"https://hub.example.org/mirror/papers/{ID}") == Reference(ID)


@pytest.mark.parametrize(
    "text",
    [
        "2401.12345v3",
        "arXiv:2401.12345v3",
        "https://arxiv.org/abs/2401.12345v3",
        "https://arxiv.org/pdf/2401.12345v3.pdf",
        "https://www.alphaxiv.org/pdf/2401.12345v3",
    ],
)
def test_a_version_is_told_apart_from_the_id(text: str) -> None:
    assert parse_reference(text) == Reference(ID, 3)


@pytest.mark.parametrize(
    ("text", "paper_id"),
    [
        ("math.GT/0309136", "math/0309136"),
        ("https://arxiv.org/abs/cs.CL/0001001v2", "cs/0001001"),
        ("https://arxiv.org/abs/hep-th%2F9901001", "hep-th/9901001"),
    ],
)
def test_other_spellings_lead_to_the_canonical_id(text: str, paper_id: str) -> None:
    assert parse_reference(text).id == paper_id
    assert is_paper_id(paper_id)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "attention",
        "2401.123",
        "2401.1234",  # five digits since 2015; the missing one may be the last as well as the first
        "https://arxiv.org/abs/2401.1234v2",
        "2401.123456",
        "2401.00000",
        "2413.12345",
        "2400.12345",
        "0703.0001",  # the new scheme began in April 2007
        "0704.00001",  # and had four digits until 2014
        "9912.1234",
        "hep-th/0704001",  # the old scheme ended in March 2007
        "hep-th/9901000",
        "hep-th/9001001",
        "2401.12345v0",
        "2401.12345 2401.12346",
        "2401.12345/../../etc/passwd",
        "https://evil.example/abs/2401.12345",
        "https://arxiv.org.evil.example/abs/2401.12345",
        "https://huggingface.co/models/2401.12345",
        "javascript:2401.12345",
        "local-2024-13-000000000000",
        "local-2024-01-00000000000g",
        "٢٤01.1234٥",  # digits, but not arXiv's
        "local-٢٠٢٤-01-0123456789ab",
        "https://arxiv.org/abs/2401.12345" + "#" * 400,
    ],
)
def test_what_names_no_paper_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not an arXiv id or a link to a paper"):
        parse_reference(text)


def test_a_refusal_shows_nothing_that_a_terminal_acts_on() -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_reference("\x1b]0;title\x07" + "x" * 1000)
    assert str(refusal.value).isprintable()
    assert len(str(refusal.value)) < 200


@given(new_ids(), st.data())
def test_an_id_that_lost_a_digit_never_becomes_another_papers(paper_id: str, data: st.DataObject) -> None:
    lost = data.draw(st.integers(len("2401."), len(paper_id) - 1))
    assert reference_id(paper_id[:lost] + paper_id[lost + 1 :]) is None


@given(IDS)
def test_a_canonical_id_refers_to_itself(paper_id: str) -> None:
    assert is_paper_id(paper_id)
    assert parse_reference(paper_id) == Reference(paper_id)


@given(ARXIV_IDS, st.integers(1, 99))
def test_a_canonical_id_never_holds_a_version(paper_id: str, version: int) -> None:
    assert parse_reference(f"{paper_id}v{version}") == Reference(paper_id, version)
    assert not is_paper_id(f"{paper_id}v{version}")


@given(st.text(max_size=60))
def test_any_text_is_an_id_or_an_error_for_the_reader(text: str) -> None:
    try:
        found = parse_reference(text).id
    except InvalidInput:
        return
    assert is_paper_id(found)


@given(st.from_regex(r"[a-z.-]{0,12}[0-9./v]{1,14}", fullmatch=True))
def test_what_looks_like_an_id_is_canonical_or_becomes_so(text: str) -> None:
    try:
        found = parse_reference(text).id
    except InvalidInput:
        assert not is_paper_id(text)
    else:
        assert is_paper_id(found)
        assert not is_paper_id(text) or found == text


# -- what follows from an id -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paper_id", "month"),
    [
        (ID, "2024-01"),
        ("0704.0001", "2007-04"),
        ("hep-th/9912001", "1999-12"),
        ("math/0703123", "2007-03"),
        ("local-2020-05-0123456789ab", "2020-05"),
        ("local-undated-0123456789ab", UNDATED),
    ],
)
def test_the_month_is_written_in_the_id(paper_id: str, month: str) -> None:
    assert month_of(paper_id) == month


@given(IDS)
def test_every_id_has_a_month(paper_id: str) -> None:
    assert re.fullmatch(rf"\d{{4}}-(0[1-9]|1[0-2])|{UNDATED}", month_of(paper_id))


@given(IDS)
def test_every_id_is_safe_in_a_file_name(paper_id: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*", file_stem(paper_id))


def test_document_ids_of_todays_scheme_can_be_read() -> None:
    assert document_id("2401.12345") == 240112345
    assert document_id("0704.0001") == 1_070_400_001


@given(st.lists(IDS, unique=True, max_size=30))
def test_different_papers_have_different_documents(paper_ids: list[str]) -> None:
    numbers = {document_id(paper_id) for paper_id in paper_ids}
    assert len(numbers) == len(paper_ids)
    assert all(number > 0 for number in numbers)


def test_a_local_id_stays_the_same_however_the_title_is_written() -> None:
    one = local_id("On  Growth and Form", "D'Arcy Thompson", "1917-01")
    assert one == local_id("ON GROWTH\nAND FORM", "d'arcy thompson", "1917-01")
    assert one != local_id("On Growth and Form", "Somebody Else", "1917-01")
    assert one.startswith("local-1917-01-")
    assert is_local(one)
    assert not is_local(ID)
