"""Libraries to look at: one of ordinary papers, and one of papers that no program should have to display."""

from __future__ import annotations

from datetime import date

from paperdeck.storage.fetch.full_text import text_file, text_folder
from paperdeck.storage.library.library import DayRecord, DayState, Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.settings import Places
from paperdeck.storage.text.clean import clean_line, clean_text
from tests.support.app_tools import TODAY
from tests.support.templates import made_once
from tests.support.torture import MARKUP, SEQUENCES, WIDE

FETCHED_AT = "2026-11-20T09:00:00+00:00"

# Ordinary papers

TITLES = """\
106|8|2|Microsoft Research|Yifan Yang|SkillOpt: Executive Strategy for Self-Evolving Agent Skills
85|81|1|Microsoft|Dong Chen|Lens: Rethinking Training Efficiency for Foundational Text-to-Image Models
65||3|RTP-LLM|Chao Xu|Rethinking Cross-Layer Information Routing in Diffusion Transformers
63||1|NVIDIA|Shihao Wang|LocateAnything: Fast and High-Quality Vision-Language Grounding with Parallel Box Decoding
43|5|2|Ropedia|Haosong Peng|SpatialBench: Is Your Spatial Foundation Model an All-Round Player?
43|24|1||Dingbang Wu|MobileGym: A Verifiable and Highly Parallel Simulation Platform for Mobile GUI Agent Research
33|38|1|University College London CS|Shuofei Qiao|SciAtlas: A Large-Scale Knowledge Graph for Automated Research
27||1|University of Oxford|Aoxi Liu|D^2-Monitor: Safety Monitoring for Diffusion LLMs via Hesitation-Aware Routing
18|1|1|Beijing Institute of Technology|Xinglin Wang|Share More, Search Less: Collaborative Parallel Thinking
14|31|2|Show Lab|Yiren Song|Soap2Soap: Long Cinematic Video Remaking via Multi-Agent Collaboration
11|943|1||Xiang An|LLaVA-OneVision-2: Towards Next-Generation Perceptual Intelligence
9|2|1|Tsinghua University|Fanhu Zeng|Does Seeing More Mean Knowing More? Mono-Anchored Advantage Normalization
7|0|1|AI Safety & Interpretability Lab|Federico Torrielli|Confidence and Calibration of Activation Oracles
6|2|0|The Chinese University of Hong Kong|Weifeng Lin|Rethinking VLM Representation for VLA Initialization
4||0||Xu Ouyang|LLMs as Noisy Channels: A Shannon Perspective on Model Capacity and Scaling Laws
2|3|0|OPTML Group @ MSU|Chongyu Fan|Rethinking Muon Beyond Pretraining: Spectral Failures and High-Pass Remedies"""
"""Upvotes, stars of the code, comments, organization, first author and title, of papers of May 2026."""

ABSTRACT = (
    "A longer text about what was tried, so that a pane has something to wrap. The first part says what is known, the "
    "second what is new: a method that learns $f_\\theta(x)$ in $\\mathcal{O}(n \\log n)$ steps.\n\n"
    "A second paragraph gives numbers, and the last sentence says where the code is."
)

FULL_TEXT = (
    """# A Title

## 1 Introduction

Some *words* with a [link](https://example.org) and more of them, so that a line breaks somewhere in between. """
    + ("What follows is only here to fill a page. " * 12)
    + """

## 2 Method

- an item
- another, with `code`

> a quotation

| model | size | score |
| --- | ---: | ---: |
| small | 1 | 72 |
| large | 24 | 81 |

```
def f(x): return x
```

### 2.1 Details

"""
    + "Some more sentences on details. " * 30
)


def real_papers() -> list[Paper]:
    """Papers with the titles, names and numbers of real ones; all of them ASCII."""
    papers = []
    for number, line in enumerate(TITLES.splitlines(), 1):
        upvotes, stars, comments, organization, author, title = line.split("|")
        papers.append(
            Paper(
                id=f"2611.{number:05}",
                title=title,
                abstract=ABSTRACT,
                authors=(author, *(f"Co Author{other}" for other in range(1, 3 + number % 5))),
                published=date(2026, 11, 18),
                listed=TODAY.replace(day=19 if number % 4 == 0 else 20),
                upvotes=int(upvotes),
                comments=int(comments),
                code_url="https://github.com/example/code" if stars else None,
                code_stars=int(stars) if stars else None,
                organization=organization or None,
                keywords=("agents", "large language models") if number % 2 else ("diffusion", "video generation"),
                categories=("cs.CL", "cs.LG"),
                comment="12 pages",
                submitter="somebody",
                ai_summary="A summary in one sentence by a model.",
            )
        )
    return papers


def real_library(places: Places) -> None:
    """Such papers, one read, one starred, one with tags and a note, and two saved views."""
    papers = real_papers()
    made_once(places, "real", lambda library: _fill_as_real(library, papers))
    _write_text(places, papers[0].id, FULL_TEXT)
    _write_rules(places, '[[view]]\nname = "Agents with code"\nquery = "agents has:code"\n')


def _fill_as_real(library: Library, papers: list[Paper]) -> None:
    library.add(papers, "hf")
    _record_days(library, papers)
    library.mark([papers[1].id], read=True)
    library.mark([papers[2].id], starred=True, add_tags=["to-read", "thesis"], note="Compare with section 4 of ours.")


# Papers that no program should have to display

TORTURE_RULES = f"""
[[view]]
name = "On [0,1) intervals, a saved view with a long name"
query = "intervals"

[[view]]
name = "{WIDE[0]}"
query = "深度"

[follow]
organizations = ["大学"]

[mute]
queries = ["keyword:=hype"]
"""


def cleaned(text: str) -> str:
    """A hostile text, cleaned as a source's text is."""
    return clean_line(text.encode(errors="replace").decode())


def torture_papers() -> list[Paper]:
    """Papers whose texts break markup, widths and terminals where they can."""
    titles = [*MARKUP[:6], *WIDE, *MARKUP[6:], cleaned("".join(SEQUENCES.values()))]
    titles += ["Learning in $\\mathcal{O}(n^2)$ Steps", "An Ordinary Title of Medium Length"]
    return [
        Paper(
            id=f"2611.{number:05}",
            title=cleaned(title),
            abstract=cleaned(f"{title} {MARKUP[number % 12]} We show $x_{{ij}} \\leq \\sum_k \\frac{{1}}{{k}}$. ") * 3,
            authors=(cleaned(title[:60]), "Ada Lovelace", WIDE[number % 10][:80], *map("Author {}".format, range(20))),
            published=TODAY.replace(day=18),
            listed=TODAY.replace(day=19 if number > len(titles) - 5 else 20),
            upvotes=200 - number * 7,
            comments=number,
            code_url="https://github.com/example/code",
            code_stars=number * 400,
            organization=("Example Lab", None, "大学", MARKUP[2])[number % 4],
            keywords=("search", WIDE[3], MARKUP[5], *(("hype",) if number == 9 else ())),
            categories=("cs.CL", "stat.ML"),
            comment=MARKUP[number % 12],
            submitter=MARKUP[2],
            ai_summary=f"A summary in one sentence, {WIDE[4]} and {MARKUP[10]}.",
        )
        for number, title in enumerate(titles, 1)
    ]


def torture_text() -> str:
    """A full text with everything that a text can have, and much that none should."""
    rows = "\n".join(
        f"| {text.replace('|', ' ')} | {number} | $O(n^{number})$ |" for number, text in enumerate(WIDE[:5])
    )
    return clean_text(
        "\n\n".join(
            [
                "# [/] A Title with $\\alpha$ and [@click=app.quit]x[/]",
                f"## 1 {MARKUP[3]} {WIDE[3]}",
                f"Some *words* with `code`, [a link](https://example.org/a) and {WIDE[4]}; {MARKUP[10]}.",
                "$$\\mathcal{L}(\\theta) = -\\sum_{i=1}^{n} \\log p_\\theta(x_i \\mid x_{<i})$$",
                f"| {MARKUP[5]} | a | cost |\n| --- | --- | --- |\n{rows}",
                '```python\ndef f(x: list[int]) -> str:\n    return "[/]" * len(x)  # ' + "long " * 30 + "\n```",
                f"> {MARKUP[8]} {WIDE[0]}",
                f"- {WIDE[2]}\n- {MARKUP[0]}\n    - inner {WIDE[9]}",
                "## 2 Long Words",
                WIDE[10],
                *(f"### 2.{number} {text}\n\n{text} {'and so on ' * 30}" for number, text in enumerate(MARKUP[:8])),
            ]
        )
        .encode(errors="replace")
        .decode()
    )


def torture_library(places: Places) -> None:
    """A library with such papers, some of them read, starred, hidden, tagged, with notes; and days of all kinds."""
    papers = torture_papers()
    made_once(places, "torture", lambda library: _fill_with_torture(library, papers))
    _write_text(places, papers[0].id, torture_text())
    _write_rules(places, TORTURE_RULES)


def _fill_with_torture(library: Library, papers: list[Paper]) -> None:
    library.add(papers, "hf")
    _record_days(library, papers)
    first, second, third, fourth, *_ = [paper.id for paper in papers]
    library.mark([second, papers[4].id], read=True)
    library.mark([third, first], starred=True, add_tags=["to-read", "深度"], note=f"Look again: {MARKUP[2]} {WIDE[4]}")
    library.mark([fourth, papers[7].id], hidden=True)


def _record_days(library: Library, papers: list[Paper]) -> None:
    library.record_follow_starts({"hf": TODAY.replace(day=1)})
    states = {20: DayState.COMPLETE, 19: DayState.PARTIAL, 18: DayState.FAILED, 17: DayState.EMPTY}
    for day, state in states.items():
        ids = tuple(paper.id for paper in papers if paper.listed and paper.listed.day == day)
        record = DayRecord(source="hf", day=TODAY.replace(day=day), state=state, fetched_at=FETCHED_AT, ids=ids)
        library.ledger.record(record)


def _write_text(places: Places, paper_id: str, text: str) -> None:
    text_folder(places).mkdir(parents=True, exist_ok=True)
    text_file(text_folder(places), paper_id).write_text(text, encoding="utf-8")


def _write_rules(places: Places, rules: str) -> None:
    places.config_file.parent.mkdir(parents=True, exist_ok=True)
    places.config_file.write_text(rules, encoding="utf-8")
