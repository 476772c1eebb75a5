"""A digest holds the best papers of whole days, grouped, once each, and says what is new."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.digest import wording
from paperdeck.storage.digest.blurb import blurb_of, first_sentences
from paperdeck.storage.digest.delivery.sent import PRINTED, Sent, SentLog
from paperdeck.storage.digest.digest import Digest, DigestOptions, make_digest
from paperdeck.storage.digest.period import PERIODS, Period, period_of
from paperdeck.storage.digest.render_html import render_html
from paperdeck.storage.digest.render_markdown import escaped, render_markdown
from paperdeck.storage.digest.render_text import render_text
from paperdeck.storage.digest.topics import blocks_of, rising_topics
from paperdeck.storage.errors import StoreError
from paperdeck.storage.library.library import DayRecord, DayState, Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.search.query import QueryError
from paperdeck.storage.search.rank import Sort
from paperdeck.storage.settings.rules import Rules, SavedView
from paperdeck.storage.settings.settings import Places
from tests.support.examples import examples

FRIDAY = date(2026, 11, 20)
SUNDAY = date(2026, 11, 22)
MONDAY = date(2026, 11, 23)
EVIL = '<script>alert("x")</script> & *bold* [l](http://e) | `c` $5 # ~'


def a_paper(number: int, day: date = FRIDAY, **facts: object) -> Paper:
    known = {
        "id": f"2611.{number:05}",
        "title": f"Paper {number}",
        "abstract": "It behaves.",
        "authors": ("Ada Lovelace",),
        "published": day,
        "listed": day,
        "upvotes": number,
    }
    return Paper(**(known | facts))  # type: ignore[arg-type]


@pytest.fixture
def library(places: Places) -> Library:
    return Library(places)


def fill(library: Library, *papers: Paper) -> None:
    """Add papers, and record the days that list them."""
    library.add(papers, "hf")
    for day in {paper.listed for paper in papers if paper.listed}:
        ids = tuple(paper.id for paper in papers if paper.listed == day)
        record = DayRecord(source="hf", day=day, state=DayState.COMPLETE, fetched_at="2026-11-23T00:00:00Z", ids=ids)
        library.ledger.record(record)


def digest(
    library: Library, rules: Rules | None = None, *earlier: Sent, until: date = SUNDAY, **wish: object
) -> Digest:
    wanted = DigestOptions(**wish)  # type: ignore[arg-type]
    return make_digest(library, rules or Rules(), wanted, until=until, today=MONDAY, earlier=earlier)


def shown(found: Digest) -> dict[str, list[int]]:
    return {section.name: [int(item.id[-5:]) for item in section.items] for section in found.sections}


def given_before(last: date, *numbers: int) -> Sent:
    return Sent("", PRINTED, last, last, "2026-11-20T00:00:00Z", tuple(f"2611.{number:05}" for number in numbers))


# -- periods -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 11, 20), date(2026, 11, 20), "Fri 20 Nov 2026"),
        (date(2026, 11, 16), date(2026, 11, 22), "16 to 22 Nov 2026"),
        (date(2026, 10, 28), date(2026, 11, 3), "28 Oct to 3 Nov 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 Dec 2026 to 3 Jan 2027"),
    ],
)
def test_a_period_has_a_short_name(first: date, last: date, text: str) -> None:
    assert str(Period(first, last)) == text


def test_a_week_has_seven_days_and_follows_the_one_before() -> None:
    week = period_of("week", SUNDAY)
    assert (week.first, len(week.days)) == (date(2026, 11, 16), 7)
    assert (week.before.last, len(week.before.days)) == (date(2026, 11, 15), 7)


@given(st.integers(0, 400))
def test_since_last_never_leaves_a_gap_within_a_month(days: int) -> None:
    previous = SUNDAY - timedelta(days=days)
    period = period_of("since-last", SUNDAY, previous=previous)
    assert period.last == SUNDAY
    assert 1 <= len(period.days) <= 31
    assert days == 0 or days > 31 or period.first == previous + timedelta(days=1)


def test_the_day_is_the_newest_with_papers(library: Library) -> None:
    fill(library, a_paper(1), a_paper(2, MONDAY))
    assert digest(library, period="day").period == Period(FRIDAY, FRIDAY)


def test_today_is_left_for_the_next_digest(library: Library) -> None:
    fill(library, a_paper(1), a_paper(2, MONDAY))
    assert shown(digest(library)) == {"The rest": [1]}


# -- groups --------------------------------------------------------------------------------------------------------


def test_the_best_come_first_and_the_others_are_counted(library: Library) -> None:
    fill(library, *(a_paper(number) for number in range(1, 6)))
    found = digest(library, top=2)
    assert shown(found) == {"The rest": [5, 4]}
    assert (found.total, found.sections[0].more) == (5, 3)


def test_each_paper_is_in_the_first_group_that_it_belongs_to(library: Library) -> None:
    rules = Rules(views=(SavedView("Agents", "agents"), SavedView("None", "nothing")), authors=("Grace Hopper",))
    followed = a_paper(1, title="Agents", authors=("Grace Hopper",))
    fill(library, followed, a_paper(2, title="More agents"), a_paper(3), a_paper(4))
    assert shown(digest(library, rules)) == {"Following": [1], "Agents": [2], "The rest": [4, 3]}


def test_hidden_and_muted_papers_are_left_out(library: Library) -> None:
    fill(library, a_paper(1), a_paper(2, title="Cats"), a_paper(3))
    library.mark(["2611.00003"], hidden=True)
    assert shown(digest(library, Rules(mute=("cats",)))) == {"The rest": [1]}


def test_a_query_limits_the_digest_and_its_order_goes_first(library: Library) -> None:
    fill(library, a_paper(1, comments=9), a_paper(2, comments=1), a_paper(3, title="Else"))
    assert shown(digest(library, query="paper sort:comments", sort=Sort("upvotes"))) == {"The rest": [1, 2]}


def test_the_order_for_you_learns_from_stars_of_any_time(library: Library) -> None:
    liked = a_paper(9, date(2025, 3, 3), id="2503.00009", title="Cats climb trees")
    fill(library, liked, a_paper(1, title="Cats in trees"), a_paper(2, title="Dogs dig"), a_paper(3, title="Dogs swim"))
    library.mark([liked.id], starred=True)
    assert shown(digest(library, sort=Sort("foryou"))) == {"The rest": [1, 3, 2]}


def test_what_is_for_the_reader_comes_first_with_its_reason(library: Library) -> None:
    others = [a_paper(number, title=f"On subject{number}") for number in range(1, 31)]
    fill(library, *others, *(a_paper(number, title="Cats in trees") for number in (40, 41)))
    library.mark(["2611.00041"], starred=True)
    found = digest(library, top=2)
    assert shown(found) == {"For you": [40], "The rest": [41, 30]}
    assert found.items[0].why.startswith("because ★ Cats in trees")
    assert wording.facts(found) == "32 papers, 3 shown", "the best three they are not"
    assert wording.facts_of_list(found) == "32 papers, 3 shown: For you 1, The rest 2", "a list has no headings"
    for render in (render_text, render_markdown, render_html):
        assert "For you because ★ Cats in trees" in render(found)


def test_an_old_paper_that_was_listed_recently_belongs_to_the_week(library: Library) -> None:
    fill(library, a_paper(1, id="2301.00001", published=date(2023, 1, 2)))
    assert [item.id for item in digest(library).items] == ["2301.00001"]


def test_a_wrong_query_is_refused(library: Library) -> None:
    with pytest.raises(QueryError):
        digest(library, query="upvotes:many")


def test_an_empty_library_gives_an_empty_digest(library: Library) -> None:
    found = digest(library)
    assert (found.total, found.sections, found.missing) == (0, (), ())
    assert "No papers match" in render_text(found)
    assert "No papers match" in render_html(found)


def test_days_that_were_not_fetched_are_named(library: Library) -> None:
    fill(library, *(a_paper(day, date(2026, 11, day)) for day in (16, 17, 18, 20, 21, 22)))
    found = digest(library)
    assert found.missing == (date(2026, 11, 19),)
    assert "only in part: Thu 19 Nov." in render_text(found)


def test_days_before_the_first_that_was_asked_for_are_not_gaps(library: Library) -> None:
    """Somebody who had just installed it was told of a gap on the first day of the week."""
    fill(library, *(a_paper(day, date(2026, 11, day)) for day in (18, 20, 21, 22)))
    library.record_follow_starts({"hf": date(2026, 11, 18)})
    found = digest(library)
    assert (found.missing, found.begins, found.is_complete) == ((date(2026, 11, 19),), date(2026, 11, 18), False)
    text = " ".join(render_text(found, 500).split())
    assert "Earlier The days before Wed 18 Nov have not been fetched yet. “paperdeck fetch --since 2026-11-16”" in text
    fill(library, a_paper(16, date(2026, 11, 16)))
    found = digest(library)
    assert (found.missing, found.begins) == ((date(2026, 11, 17), date(2026, 11, 19)), None), (
        "one of them was asked for"
    )


@pytest.mark.parametrize(
    ("until", "missing"), [("2026-11-26", ["2026-11-22", "2026-11-23"]), ("2027-01-01", []), ("2023-05-02", [])]
)
def test_days_that_cannot_be_fetched_are_not_gaps(until: str, missing: list[str], library: Library) -> None:
    """The advised “paperdeck fetch --since” failed: days to come, and those before Daily Papers began."""
    fill(library, *(a_paper(day, date(2026, 11, day)) for day in (20, 21)))
    found = digest(library, until=date.fromisoformat(until))
    assert [day.isoformat() for day in found.missing] == missing
    assert found.is_complete == (not missing)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "the best 2 shown"),
        ("sort:-upvotes", "3 papers, 2 shown"),
        ("sort:date", "the newest 2 shown"),
        ("sort:-date", "the oldest 2 shown"),
    ],
)
def test_only_the_best_are_called_the_best(query: str, says: str, library: Library) -> None:
    fill(library, a_paper(1), a_paper(2), a_paper(3))
    assert says in wording.facts(digest(library, query=query, top=2))


def test_counts_that_no_source_gave_are_not_zero(library: Library) -> None:
    fill(library, a_paper(1, upvotes=None), a_paper(2, upvotes=0))
    made = digest(library, sort=Sort("date"))
    for render in (render_text, render_markdown, render_html):
        assert render(made).count("▲") == 1
    unknown = replace(made.items[0], upvotes=None)
    assert (wording.counts(unknown), wording.counts_and_news(unknown, True)) == ("", "new")
    assert wording.counts(replace(unknown, upvotes=0)) == "▲ 0"


def test_a_withdrawn_paper_is_marked_as_such_in_each_format(library: Library) -> None:
    fill(library, a_paper(1), a_paper(2, withdrawn=True, upvotes=None))
    for render in (render_text, render_markdown, render_html):
        assert render(digest(library)).count("withdrawn") == 1


# -- what is new ---------------------------------------------------------------------------------------------------


def test_without_a_digest_before_nothing_is_called_new(library: Library) -> None:
    fill(library, a_paper(1))
    found = digest(library)
    assert (found.new, found.since) == (0, None)
    assert "new" not in render_text(found)


def test_what_the_digest_before_did_not_have_is_new(library: Library) -> None:
    fill(library, a_paper(1), a_paper(2))
    found = digest(library, None, given_before(FRIDAY, 1))
    assert {item.id[-1]: item.new for item in found.items} == {"1": False, "2": True}
    assert "1 new since the digest up to Fri 20 Nov" in render_text(found)
    assert render_text(found).count("· new") == 1


def test_the_same_digest_again_is_not_compared_with_itself(library: Library) -> None:
    fill(library, a_paper(1), a_paper(2))
    found = digest(library, None, given_before(SUNDAY, 1, 2))
    assert found.since is None


def test_since_last_repeats_itself_on_the_same_day(library: Library) -> None:
    fill(library, a_paper(1), a_paper(2, SUNDAY))
    before = given_before(FRIDAY, 1)
    for earlier in ([before], [before, given_before(SUNDAY, 2)]):
        found = digest(library, None, *earlier, period="since-last")
        assert found.period == Period(date(2026, 11, 21), SUNDAY)
        assert shown(found) == {"The rest": [2]}


def test_the_log_keeps_each_period_once_and_the_newest_ones(places: Places) -> None:
    log = SentLog(places)
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(45)]
    for day in [*days, days[-1]]:
        log.remember(given_before(day))
    log.remember(Sent("cats", PRINTED, FRIDAY, FRIDAY, "", ("2611.00001",)))
    assert [sent.last for sent in log.series("", PRINTED)] == days[-40:]
    assert log.series("cats", PRINTED)[0].ids == ("2611.00001",)


def test_a_damaged_log_is_never_taken_for_an_empty_one(places: Places) -> None:
    log = SentLog(places)
    log.remember(given_before(FRIDAY))
    (places.state / "digests.json").write_text('{"sent": [{}]}')
    with pytest.raises(StoreError, match=r"digests\.json is damaged; delete it"):
        log.series("", PRINTED)


# -- the picture ---------------------------------------------------------------------------------------------------


def test_blocks_grow_with_the_numbers() -> None:
    assert blocks_of([0, 1, 4, 8]) == "·▁▄█"
    assert blocks_of([]) == ""
    assert blocks_of([0, 0]) == "··"


@given(st.lists(st.integers(0, 10_000), max_size=40))
def test_there_is_one_block_a_number_and_more_is_never_lower(numbers: list[int]) -> None:
    blocks = blocks_of(numbers)
    assert len(blocks) == len(numbers)
    order = "·▁▂▃▄▅▆▇█"
    heights = [order.index(block) for block in blocks]
    assert all(
        heights[i] <= heights[j] for i in range(len(numbers)) for j in range(len(numbers)) if numbers[i] <= numbers[j]
    )


def test_topics_that_grew_are_named_as_they_are_mostly_written() -> None:
    now = [a_paper(n, keywords=("LoRA" if n else "lora", "steady")) for n in range(4)]
    before = [a_paper(n, keywords=("steady",)) for n in range(4)]
    topics = rising_topics(now, before)
    assert [(topic.keyword, topic.count, topic.before) for topic in topics] == [("LoRA", 4, 0)]


def test_a_busier_week_alone_is_not_growth() -> None:
    now, before = ([a_paper(n, keywords=("cats",)) for n in range(count)] for count in (20, 10))
    assert rising_topics(now, before) == ()


def test_without_a_period_before_no_topic_rises() -> None:
    assert rising_topics([a_paper(n, keywords=("cats",)) for n in range(9)], []) == ()


def test_what_became_of_stars_is_a_line_in_each_format(places: Places) -> None:
    now = datetime(2026, 11, 10, tzinfo=UTC).timestamp()
    library = Library(places, clock=lambda: now)
    known = [a_paper(1, title="minWM: A World Model"), a_paper(2), a_paper(3)]
    fill(library, *known)
    now += 3_600
    library.mark(["2611.00001", "2611.00002"], starred=True)
    now = datetime(2026, 11, 18, tzinfo=UTC).timestamp()
    library.add([replace(paper, code_url="https://code.test/x") for paper in (known[0], known[2])], "hf")
    now = datetime(2026, 11, 23, tzinfo=UTC).timestamp()
    library.add([replace(known[1], withdrawn=True)], "hf")
    found = digest(library)
    assert [(news.id, news.words) for news in found.stars] == [("2611.00001", "code is out")]
    assert "Your stars      minWM: code is out" in render_text(found)
    labels = [label for label, _ in wording.overview(found)]
    assert all(f"{label}  " in render_text(found) for label in labels), "“Papers per daySun” had no room between"
    assert "Your stars: minWM: code is out" in render_markdown(found)
    assert "minWM: code is out" in render_html(found)
    later = make_digest(library, Rules(), DigestOptions(), until=date(2026, 11, 29), today=date(2026, 11, 30))
    assert [news.words for news in later.stars] == ["withdrawn"]


# -- words ---------------------------------------------------------------------------------------------------------


def test_a_summary_by_a_model_is_marked_as_one() -> None:
    assert blurb_of(a_paper(1, ai_summary="Short $O(n^2)$.")) == ("Short O(n²).", True)
    assert blurb_of(a_paper(1)) == ("It behaves.", False)


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("One. Two. Three.", 12, "One. Two."),
        ("We follow Smith et al. Then we stop. And more follows.", 40, "We follow Smith et al. Then we stop."),
        ("See e.g. Fig. 3 for this. Next one comes here.", 30, "See e.g. Fig. 3 for this."),
        ("A long sentence without any end that goes on", 20, "A long sentence…"),
        ("Fits.", 20, "Fits."),
    ],
)
def test_first_sentences_are_whole_if_they_can_be(text: str, length: int, expected: str) -> None:
    assert first_sentences(text, length) == expected


@given(st.text(max_size=300), st.integers(10, 100))
def test_first_sentences_are_never_too_long(text: str, length: int) -> None:
    assert len(first_sentences(text, length)) <= length


# -- forms ---------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def evil_digest(library: Library) -> Digest:
    fill(library, a_paper(1, title=EVIL, authors=(EVIL,), abstract=EVIL, organization=EVIL, keywords=(EVIL,)))
    return digest(library, Rules(views=(SavedView(EVIL, "alert"),)))


def test_html_is_well_formed_and_shows_untrusted_text_as_text(library: Library) -> None:
    page = Page(render_html(evil_digest(library)))
    assert page.open == []
    assert EVIL in page.text
    assert not {"script", "img", "b", "bold"} & {tag for tag, _ in page.seen}


def test_html_loads_nothing_from_elsewhere(library: Library) -> None:
    fill(library, a_paper(1, thumbnail="https://example.org/t.png", code_url="https://example.org/c"))
    text = render_html(digest(library))
    page = Page(text)
    assert all("src" not in attributes and "background" not in attributes for _, attributes in page.seen)
    assert "url(" not in text
    assert "@import" not in text
    assert next(a["href"] for tag, a in page.seen if tag == "a") == "https://huggingface.co/papers/2611.00001"


def test_html_is_styled_inline_and_dark_where_preferred(library: Library) -> None:
    fill(library, a_paper(1))
    text = render_html(digest(library))
    assert "@media (prefers-color-scheme: dark)" in text
    body = Page(text[text.index("<body") : text.index("</html>")])
    assert all("style" in attributes for tag, attributes in body.seen if tag != "tr")


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("- not a list", r"\- not a list"),
        ("1. not one either", r"1\. not one either"),
        ("# [x](y) *z* `c` <b> &amp;", r"\# \[x\](y) \*z\* \`c\` \<b\> \&amp;"),
        ("2026 is a year", "2026 is a year"),
    ],
)
def test_markdown_shows_untrusted_text_as_text(text: str, markdown: str) -> None:
    assert escaped(text) == markdown


def test_markdown_names_papers_with_links(library: Library) -> None:
    fill(library, a_paper(1, code_url="https://example.org/c", code_stars=1234, comments=1))
    text = render_markdown(digest(library))
    assert "### 1. [Paper 1](<https://huggingface.co/papers/2611.00001>)" in text
    assert "▲ 1 · 1 comment · code with 1,234 stars · [pdf](<https://arxiv.org/pdf/2611.00001>)" in text


@settings(max_examples=examples(30))
@given(st.integers(40, 100), st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=200))
def test_text_stays_within_its_width_except_for_long_words(width: int, title: str) -> None:
    from paperdeck.storage.digest.digest import DigestItem, Section

    item = DigestItem(
        id="2611.00001", title=" ".join(title.split()) or "x", authors="A B", organization="", day=FRIDAY, upvotes=1,
        comments=0, code_stars=None, summary="word " * 50, by_model=False, links=(), new=False,
    )  # fmt: skip
    found = Digest(
        query="", period=Period(FRIDAY, FRIDAY), sections=(Section("The rest", (item,), 0),), total=1, per_day=(1,),
        topics=(), since=None, missing=(),
    )  # fmt: skip
    for line in render_text(found, width).splitlines():
        assert len(line) <= width or " " not in line.strip().removeprefix("1. ")


def test_all_forms_end_with_a_line_feed(library: Library) -> None:
    found = digest(library)
    assert all(render(found).endswith("\n") for render in (render_text, render_markdown, render_html))


@pytest.mark.parametrize("until", [date.min, date(1, 1, 5), date(1, 1, 31), date.max])
@pytest.mark.parametrize("period", PERIODS)
def test_a_digest_at_an_end_of_the_calendar_can_be_made(library: Library, until: date, period: str) -> None:
    fill(library, a_paper(1))
    assert make_digest(library, Rules(), DigestOptions(period=period), until=until, today=date(2026, 11, 23)).total <= 1
