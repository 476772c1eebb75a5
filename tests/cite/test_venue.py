"""Published forms: each paper with a proof has one, each trap is refused or shown, a preprint stays one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.cite.bibtex import misc
from paperdeck.storage.cite.formats import cite
from paperdeck.storage.cite.keys import assign_keys
from paperdeck.storage.cite.published_form import published
from paperdeck.storage.cite.ris import LOW_COMMA
from paperdeck.storage.cite.venue import PREPRINT, Judgement, judge, same_title
from paperdeck.storage.cite.venue_record import VenueRecord, record_of, row_of
from paperdeck.storage.exchange.importing import read_papers
from paperdeck.storage.fetch.venues.parser import crossref_record
from paperdeck.storage.paper import Paper
from tests.support.examples import examples


def preprint(paper_id: str, title: str, authors: str, **facts: Any) -> Paper:
    return Paper(id=paper_id, title=title, authors=tuple(authors.split("; ")), **facts)


def record(title: str, venue: str, year: int | None, authors: str, **facts: Any) -> VenueRecord:
    people = tuple(filter(None, authors.split("; ")))
    known = {"source": "dblp", "kind": "inproceedings", "fetched": "2026-11-20T12:00:00Z"} | facts
    return VenueRecord(title=title, venue=venue, year=year, authors=people, **known)


def judged(paper: Paper, *records: VenueRecord, cite_as: str = "") -> Judgement:
    return judge(replace(paper, printed=tuple(map(row_of, records))), cite_as)


def corr(paper: Paper, year: int) -> VenueRecord:
    """The twin of every preprint, which DBLP files under CoRR."""
    link = f"https://arxiv.org/abs/{paper.id}"
    ids = (f"arxiv:{paper.id}", f"dblp:journals/corr/abs-{paper.id}")
    return record(paper.title, "CoRR", year, "; ".join(paper.authors), kind="preprint", ids=ids, url=link)


PUBLISHED = [
    ("1706.03762", "Attention Is All You Need", "Ashish Vaswani; Noam Shazeer; Niki Parmar", "NIPS", 2017),
    ("1412.6980", "Adam: A Method for Stochastic Optimization", "Diederik P. Kingma; Jimmy Ba", "ICLR (Poster)", 2015),
    ("2005.14165", "Language Models are Few-Shot Learners", "Tom B. Brown; Benjamin Mann; Nick Ryder", "NeurIPS", 2020),
    (
        *("2106.09685", "LoRA: Low-Rank Adaptation of Large Language Models"),
        *("Edward J. Hu; Yelong Shen; Phillip Wallis", "ICLR", 2022),
    ),
    (
        *("2010.11929", "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale"),
        *("Alexey Dosovitskiy; Lucas Beyer; Alexander Kolesnikov", "ICLR", 2021),
    ),
    (
        *("2103.00020", "Learning Transferable Visual Models From Natural Language Supervision"),
        *("Alec Radford; Jong Wook Kim; Chris Hallacy", "ICML", 2021),
    ),
    (
        *("1502.03167", "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift"),
        *("Sergey Ioffe; Christian Szegedy", "ICML", 2015),
    ),
    ("1512.03385", "Deep Residual Learning for Image Recognition", "Kaiming He; Xiangyu Zhang", "CVPR", 2016),
    (
        "2006.11239",
        "Denoising Diffusion Probabilistic Models",
        "Jonathan Ho; Ajay Jain; Pieter Abbeel",
        "NeurIPS",
        2020,
    ),
    (
        *("2203.02155", "Training language models to follow instructions with human feedback"),
        *("Long Ouyang; Jeff Wu; Xu Jiang", "NeurIPS", 2022),
    ),
    (
        *("2201.11903", "Chain-of-Thought Prompting Elicits Reasoning in Large Language Models"),
        *("Jason Wei; Xuezhi Wang; Dale Schuurmans", "NeurIPS", 2022),
    ),
    (
        *("2003.10555", "ELECTRA: Pre-training Text Encoders as Discriminators Rather Than Generators"),
        *("Kevin Clark; Minh-Thang Luong; Quoc V. Le", "ICLR", 2020),
    ),
    (
        *("2205.14135", "FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness"),
        *("Tri Dao; Daniel Y. Fu; Stefano Ermon", "NeurIPS", 2022),
    ),
    (
        *("2307.08691", "FlashAttention-2: Faster Attention with Better Parallelism and Work Partitioning"),
        *("Tri Dao", "ICLR", 2024),
    ),
    (
        *("2210.03629", "ReAct: Synergizing Reasoning and Acting in Language Models"),
        *("Shunyu Yao; Jeffrey Zhao", "ICLR", 2023),
    ),
    (
        *("2203.11171", "Self-Consistency Improves Chain of Thought Reasoning in Language Models"),
        *("Xuezhi Wang; Jason Wei; Dale Schuurmans", "ICLR", 2023),
    ),
    ("2304.02643", "Segment Anything", "Alexander Kirillov; Eric Mintun; Nikhila Ravi", "ICCV", 2023),
    (
        *("2005.11401", "Retrieval-Augmented Generation for Knowledge-Intensive NLP Tasks"),
        *("Patrick Lewis; Ethan Perez; Aleksandra Piktus", "NeurIPS", 2020),
    ),
    (
        *("1409.0473", "Neural Machine Translation by Jointly Learning to Align and Translate"),
        *("Dzmitry Bahdanau; Kyunghyun Cho; Yoshua Bengio", "ICLR", 2015),
    ),
    (
        *("2405.21060", "Transformers are SSMs: Generalized Models and Efficient Algorithms Through Structured State"),
        *("Tri Dao; Albert Gu", "ICML", 2024),
    ),
    (
        *("2401.12179", "DITTO: Diffusion Inference-Time T-Optimization for Music Generation"),
        *("Zachary Novack; Julian McAuley; Taylor Berg-Kirkpatrick", "ICML", 2024),
    ),
    (
        *("2402.12376", "FiT: Flexible Vision Transformer for Diffusion Model"),
        *("Zeyu Lu; Zidong Wang; Di Huang", "ICML", 2024),
    ),
    (
        "2312.00752",
        "Mamba: Linear-Time Sequence Modeling with Selective State Spaces",
        "Albert Gu; Tri Dao",
        "COLM",
        2024,
    ),
]


@pytest.mark.parametrize(("paper_id", "title", "authors", "venue", "year"), PUBLISHED, ids=[p[0] for p in PUBLISHED])
def test_what_is_published_under_its_title_is_found(
    paper_id: str, title: str, authors: str, venue: str, year: int
) -> None:
    paper = preprint(paper_id, title, authors)
    printed = record(title.replace("Is All", "is All"), venue, year, authors)
    rejected = record(title, "Submitted to ICLR 2024", year, authors, source="crossref")
    found = judged(paper, corr(paper, 2000 + int(paper_id[:2])), printed, rejected)
    assert found.printed == printed
    assert not found.perhaps


DITTO = "Diffusion Inference-Time T-Optimization for Music Generation"
HYPERBOLIC = preprint("1805.09112", "Hyperbolic Neural Networks", "Octavian-Eugen Ganea; Gary Bécigneul")
HYPERBOLIC_2 = preprint("2006.08210", "Hyperbolic Neural Networks++", "Ryohei Shimizu; Yusuke Mukuta")
SAC_TITLE = "Soft Actor-Critic: Off-Policy Maximum Entropy Deep Reinforcement Learning with a Stochastic Actor"
SAC = preprint("1801.01290", SAC_TITLE, "Tuomas Haarnoja; Aurick Zhou; Pieter Abbeel; Sergey Levine")
GAN = preprint("1406.2661", "Generative Adversarial Networks", "Ian J. Goodfellow; Jean Pouget-Abadie; Mehdi Mirza")
CHINCHILLA = preprint(
    "2203.15556", "Training Compute-Optimal Large Language Models", "Jordan Hoffmann; Sebastian Borgeaud; Arthur Mensch"
)
A_TITLE = "Sorting Sheep by Weight with Few Comparisons"
SHEEP = preprint("2001.00001", A_TITLE, "Ada Lovelace; Bo Li; Carla Gómez")
OURS = "Ada Lovelace; Bo Li; Carla Gómez"

NO_VENUES = (
    *("PsyArXiv", "viXra", "NBER Working Paper", "Optimization Online", "Electron. Colloquium Comput. Complex."),
    *(
        "Computing Research Repository",
        "ESS Open Archive",
        "Kaggle",
        "Hugging Face",
        "Semantic Scholar",
        "ACL ARR 2024",
    ),
    *("Medium", "Towards Data Science", "Masterarbeit", "US Patent", "Keynote at ICML", "To appear"),
)
BESIDE = (
    *(f"Poster: {A_TITLE}", f"Demo: {A_TITLE}", f"Brief Announcement: {A_TITLE}", f"Artifact: {A_TITLE}"),
    *(f"{A_TITLE}: Extended Abstract", f"{A_TITLE} (Doctoral Consortium)", f"{A_TITLE} (Retracted)"),
    *(f"{A_TITLE} - RCR Report", f"{A_TITLE} (Supplementary Material)"),
)

REFUSED = {
    "DITTO-2 is not DITTO": (
        preprint("2405.20289", f"DITTO-2: Distilled {DITTO}", "Zachary Novack; Julian McAuley"),
        [record(f"DITTO: {DITTO}", "ICML", 2024, "Zachary Novack; Julian McAuley")],
    ),
    "FiTv2 is not FiT": (
        preprint("2410.13925", "FiTv2: Scalable and Improved Flexible Vision Transformer", "ZiDong Wang; Zeyu Lu"),
        [record("FiT: Flexible Vision Transformer for Diffusion Model", "ICML", 2024, "Zeyu Lu; Zidong Wang")],
    ),
    "WARP is not WARM": (
        preprint("2406.16768", "WARP: On the Benefits of Weight Averaged Rewarded Policies", "Alexandre Ramé"),
        [record("WARM: On the Benefits of Weight Averaged Reward Models", "ICML", 2024, "Alexandre Ramé")],
    ),
    "networks without ++": (HYPERBOLIC, [record(HYPERBOLIC_2.title, "ICLR", 2021, "Ryohei Shimizu; Yusuke Mukuta")]),
    "networks with ++": (HYPERBOLIC_2, [record(HYPERBOLIC.title, "NeurIPS", 2018, "Octavian Ganea; Gary Bécigneul")]),
    "++ without authors": (HYPERBOLIC_2, [record(HYPERBOLIC.title, "NeurIPS", 2018, "")]),
    "a workshop and a conference": (
        SAC,
        [
            record(SAC_TITLE, "ICLR (Workshop)", 2018, "Tuomas Haarnoja; Aurick Zhou; Pieter Abbeel; Sergey Levine"),
            record(SAC_TITLE, "ICML", 2018, "Tuomas Haarnoja; Aurick Zhou; Pieter Abbeel; Sergey Levine"),
        ],
    ),
    "another title": (
        GAN,
        [record("Generative Adversarial Nets", "NIPS", 2014, "Ian J. Goodfellow; Jean Pouget-Abadie; Mehdi Mirza")],
    ),
    "a wholly other title": (
        CHINCHILLA,
        [
            record(
                "An empirical analysis of compute-optimal large language model training", "NeurIPS", 2022, "J. Hoffmann"
            )
        ],
    ),
    "NeRF in a room": (
        preprint(
            "2003.08934", "NeRF: Representing Scenes as Neural Radiance Fields for View Synthesis", "B. Mildenhall"
        ),
        [
            record(
                "RoomNeRF: Representing Empty Room as Neural Radiance Fields for View Synthesis", "BMVC", 2023, "M. Kim"
            )
        ],
    ),
    "with latent diffusion models": (
        preprint("2112.10752", "High-Resolution Image Synthesis with Latent Diffusion Models", "Robin Rombach"),
        [record("High-Fidelity Guided Image Synthesis with Latent Diffusion Models", "CVPR", 2023, "Jaskirat Singh")],
    ),
    "a preface": (
        preprint("1401.00001", "Preface", "Samuel Kaski; Jukka Corander"),
        [record("Preface", "AISTATS", 2014, "Samuel Kaski; Jukka Corander")],
    ),
    "other authors": (SHEEP, [record(A_TITLE, "ICML", 2020, "Grace Hopper; Alan Turing")]),
    "another person of the same surname": (
        preprint("2001.00001", A_TITLE, "Wei Wang"),
        [record(A_TITLE, "ICML", 2020, "Yue Wang")],
    ),
    "one common surname": (
        preprint("2303.18223", "A Survey of Large Language Models", "Wayne Xin Zhao; Kun Zhou; Junyi Li; Tianyi Tang"),
        [record("A Survey of Large Language Models", "Trans. Tests", 2024, "Wei Wang; Junyi Li", kind="article")],
    ),
    "no authors": (SHEEP, [record(A_TITLE, "ICML", 2020, "")]),
    "few of the authors": (SHEEP, [record(A_TITLE, "ICML", 2020, "Ada Lovelace; Grace Hopper; Alan Turing")]),
    "another first author": (SHEEP, [record(A_TITLE, "ICML", 2020, "Bo Li; Ada Lovelace; Carla Gómez")]),
    "the year before the preprint": (SHEEP, [record(A_TITLE, "ICML", 2019, OURS)]),
    "years later": (SHEEP, [record(A_TITLE, "ICML", 2024, OURS)]),
    "no year": (SHEEP, [record(A_TITLE, "ICML", None, OURS)]),
    "two conferences": (SHEEP, [record(A_TITLE, "ICML", 2020, OURS), record(A_TITLE, "KDD", 2021, OURS)]),
    "a conference and a journal": (
        SHEEP,
        [record(A_TITLE, "ICML", 2020, OURS), record(A_TITLE, "J. Mach. Learn. Res.", 2021, OURS, kind="article")],
    ),
    "two editions of one series": (SHEEP, [record(A_TITLE, "ICML", 2020, OURS), record(A_TITLE, "ICML", 2022, OURS)]),
    "CoRR": (SHEEP, [corr(SHEEP, 2020), record(A_TITLE, "CoRR", 2020, OURS, kind="article", volume="abs/2001.00001")]),
    "another server": (SHEEP, [record(A_TITLE, "bioRxiv", 2020, OURS, kind="article")]),
    "SSRN": (SHEEP, [record(A_TITLE, "SSRN Electronic Journal", 2020, OURS, kind="article", doi="10.2139/ssrn.1")]),
    "a DOI of bioRxiv": (SHEEP, [record(A_TITLE, "Cold Spring", 2020, OURS, kind="article", doi="10.1101/2020.01.02")]),
    "under review": (SHEEP, [record(A_TITLE, "ICLR 2021 Conference, under review", 2020, OURS)]),
    "submitted": (SHEEP, [record(A_TITLE, "Submitted to ICLR 2021", 2021, OURS)]),
    "rejected": (SHEEP, [record(A_TITLE, "ICLR 2021 Conference Rejected Submission", 2021, OURS)]),
    "withdrawn": (SHEEP, [record(A_TITLE, "ICLR 2021 Conference Withdrawn", 2021, OURS)]),
    **{f"no venue: {venue}": (SHEEP, [record(A_TITLE, venue, 2020, OURS, kind="article")]) for venue in NO_VENUES},
    **{f"only beside: {title}": (SHEEP, [record(title, "ICML", 2020, OURS)]) for title in BESIDE},
    "a thesis": (SHEEP, [record(A_TITLE, "University of Tests", 2020, "Ada Lovelace", kind="phdthesis")]),
    "a dissertation": (SHEEP, [record(A_TITLE, "Dissertation, MIT", 2020, OURS, kind="article")]),
    "a book": (SHEEP, [record(A_TITLE, "MIT Press", 2020, OURS, kind="book")]),
    "a chapter of a book": (SHEEP, [record(A_TITLE, "Handbook of Sheep", 2021, OURS, kind="incollection")]),
    "the volume": (SHEEP, [record(A_TITLE, "ICML", 2020, OURS, kind="proceedings")]),
    "a blog": (SHEEP, [record(A_TITLE, "ICLR Blogposts", 2021, OURS)]),
    "a reply": (SHEEP, [record(f"Reply to: {A_TITLE}", "Sheep", 2020, OURS, kind="article", doi="10.1000/r")]),
    "a comment that names the preprint": (
        SHEEP,
        [record(f"Comment on “{A_TITLE}”", "Sheep", 2020, OURS, kind="article", ids=("arxiv:2001.00001",))],
    ),
    "a correction with the DOI": (
        replace(SHEEP, doi="10.1000/c"),
        [record(f"Correction to: {A_TITLE}", "Sheep", 2020, OURS, kind="article", doi="10.1000/c")],
    ),
    "an abstract": (SHEEP, [record(f"{A_TITLE} (Student Abstract)", "AAAI", 2020, OURS)]),
    "a second part": (
        preprint("2001.00001", f"{A_TITLE} I", OURS),
        [record(f"{A_TITLE} II", "ICML", 2020, OURS)],
    ),
    "a new version with a name": (SHEEP, [record(f"SheepSort 2: {A_TITLE}", "ICML", 2020, OURS)]),
    "a short rest behind a name": (
        preprint("2001.00001", "Counting Sheep", OURS),
        [record("Fold: Counting Sheep", "ICML", 2020, OURS)],
    ),
    "unequal": (
        preprint("2001.00001", "P $\\neq$ NP", OURS),
        [record("P = NP", "ICML", 2020, OURS)],
    ),
    "1.5 is not 15": (preprint("2001.00001", "AgentDoG 1.5", OURS), [record("AgentDoG 15", "ICML", 2020, OURS)]),
    "the DOI of others' work": (
        replace(SHEEP, doi="10.1000/x"),
        [record("On Goats", "Goats", 2020, "Grace Hopper; Alan Turing", kind="article", doi="10.1000/x")],
    ),
    "the DOI of an old work": (
        replace(SHEEP, doi="10.1000/x"),
        [record(A_TITLE, "Sheep", 2015, OURS, kind="article", doi="10.1000/x")],
    ),
    "Semantic Scholar's own words": (SHEEP, [record(A_TITLE, "ICML", 2020, OURS, source="s2", kind="")]),
    "Semantic Scholar leads astray": (
        SHEEP,
        [
            record(A_TITLE, "ICML", 2020, OURS, source="s2", kind="", ids=("arxiv:2001.00001",), doi="10.1000/x"),
            record("On Goats", "Goats", 2020, "Grace Hopper", kind="article", source="crossref", doi="10.1000/x"),
        ],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_trap_is_refused_or_only_shown(name: str) -> None:
    paper, records = REFUSED[name]
    known = replace(paper, printed=tuple(map(row_of, records)))
    assert judge(known).printed is None
    work = published(known)  # what the authors themselves gave arXiv may be cited, the record never
    assert work is None or (work.venue == "" and work.doi == paper.doi)


SHOWN = ("a workshop and a conference", "another title", "two conferences", "a conference and a journal", "no authors")


@pytest.mark.parametrize(
    "name", [*SHOWN, "the year before the preprint", "a chapter of a book", "an abstract", "no year"]
)
def test_what_is_nearly_right_is_shown_for_the_reader_to_decide(name: str) -> None:
    paper, records = REFUSED[name]
    found = judged(paper, *records)
    assert set(found.perhaps) == set(records)
    chosen = judged(paper, *records, cite_as=records[0].name)
    assert chosen.printed == records[0]


STAY = [
    ("2302.13971", "LLaMA: Open and Efficient Foundation Language Models", "Hugo Touvron; Thibaut Lavril"),
    ("2307.09288", "Llama 2: Open Foundation and Fine-Tuned Chat Models", "Hugo Touvron; Louis Martin"),
    ("2303.08774", "GPT-4 Technical Report", "OpenAI; Josh Achiam"),
    ("1707.06347", "Proximal Policy Optimization Algorithms", "John Schulman; Filip Wolski"),
    ("1907.11692", "RoBERTa: A Robustly Optimized BERT Pretraining Approach", "Yinhan Liu; Myle Ott"),
    ("1503.02531", "Distilling the Knowledge in a Neural Network", "Geoffrey Hinton; Oriol Vinyals"),
    ("1910.01108", "DistilBERT, a distilled version of BERT", "Victor Sanh; Lysandre Debut"),
]


@pytest.mark.parametrize(("paper_id", "title", "authors"), STAY)
@pytest.mark.parametrize("comment", ["Accepted at ICLR 2025 (Oral)", "Submitted to NeurIPS", "under review", None])
def test_a_preprint_stays_one(paper_id: str, title: str, authors: str, comment: str | None) -> None:
    paper = preprint(paper_id, title, authors, comment=comment)
    rejected = record(title, "Submitted to ICLR 2020", 2020, authors)
    found = judged(paper, corr(paper, 2000 + int(paper_id[:2])), rejected, VenueRecord("s2"))
    assert found.printed is None
    assert not found.perhaps
    assert published(paper) is None


@pytest.mark.parametrize(
    "said",
    [
        "Submitted to Phys. Rev. D",
        "under review at ICLR 2025",
        "Accepted at ICML 2024",
        "To appear in Annals of Tests",
        "PhD thesis, University of Tests, 2020",
        "arXiv preprint arXiv:2001.00001",
        "ICLR 2021, withdrawn",
    ],
)
def test_where_authors_wish_to_appear_is_not_a_venue(said: str) -> None:
    assert published(replace(SHEEP, journal_ref=said)) is None


@pytest.mark.parametrize(
    "doi", ["10.5281/zenodo.123", "10.2139/ssrn.1", "10.1101/2020.01.02.123456", "10.48550/arXiv.1"]
)
def test_a_doi_of_a_repository_is_not_a_publication(doi: str) -> None:
    assert published(replace(SHEEP, doi=doi)) is None


@pytest.mark.parametrize(
    ("said", "kind", "venue", "parts", "year"),
    [
        # a year is neither a volume nor a page
        ("ICML 2020", "inproceedings", "ICML", {}, 2020),
        ("CVPR 2020, pp. 2000-2010", "inproceedings", "CVPR", {"pages": "2000--2010"}, 2020),
        ("Science 2020", "article", "Science", {}, 2020),
        ("J. Mach. Learn. Res., 19, 2020", "article", "J. Mach. Learn. Res.", {"volume": "19"}, 2020),
        ("PNAS 115 (10) 2020", "article", "PNAS", {"volume": "115", "number": "10"}, 2020),
        ("Sheep Res. 20, 2011 (2020)", "article", "Sheep Res.", {"volume": "20", "pages": "2011"}, 2020),
        ("Sensors 2020, 18(3), 12", "article", "Sensors", {"volume": "18", "number": "3", "pages": "12"}, 2020),
        ("Nucl. Phys. B 258 (1985) 1", "article", "Nucl. Phys. B", {"volume": "258", "pages": "1"}, 1985),
        # the full stop of an abbreviation belongs to the name; the words before it don't
        (
            "Commun. Math. Phys. 3, 1-20 (2020)",
            "article",
            "Commun. Math. Phys.",
            {"volume": "3", "pages": "1--20"},
            2020,
        ),
        ("Published in Nature 550, 3 (2020)", "article", "Nature", {"volume": "550", "pages": "3"}, 2020),
        # the proceedings of a learned society are a journal, the ones of a conference aren't
        (
            *("Proc. Natl. Acad. Sci. USA 115 (2020) E12", "article", "Proc. Natl. Acad. Sci. USA"),
            *({"volume": "115", "pages": "E12"}, 2020),
        ),
        ("Proc. Amer. Math. Soc. 146 (2020)", "article", "Proc. Amer. Math. Soc.", {"volume": "146"}, 2020),
        ("In Proc. of ICML 2020, pp. 20-25, 2020", "inproceedings", "Proc. of ICML", {"pages": "20--25"}, 2020),
        ("Int. Conf. on Sheep, 2020", "inproceedings", "Int. Conf. on Sheep", {}, 2020),
        # a volume may be a word with a number; any other glued number is not taken off
        ("PoS LATTICE2020 (2020) 001", "article", "PoS", {"volume": "LATTICE2020", "pages": "001"}, 2020),
        ("Phys.Rev.D98:0301,2020", "article", "Phys.Rev.D", {"volume": "98", "pages": "0301"}, 2020),
        ("SHEEP2020 (2020) 1", "misc", "SHEEP2020 (2020) 1", {}, 2020),
        # what has no single reading stays whole
        ("INTERSPEECH 2020", "misc", "INTERSPEECH 2020", {}, 2020),
        ("Sheep Res. 2020 (235) 1-9", "misc", "Sheep Res. 2020 (235) 1-9", {}, 2020),
        ("Sheep 8 (2020) 1; Erratum 9 (2021) 2", "misc", "Sheep 8 (2020) 1; Erratum 9 (2021) 2", {}, None),
        ("PMLR 80:18-27, Proc. of Sheep, 2020", "inproceedings", "PMLR 80:18-27, Proc. of Sheep, 2020", {}, 2020),
    ],
)
def test_the_authors_words_are_taken_apart_only_where_they_have_one_reading(
    said: str, kind: str, venue: str, parts: dict[str, str], year: int | None
) -> None:
    work = published(replace(SHEEP, journal_ref=said))
    assert work is not None
    assert (work.kind, work.venue, work.parts, work.year) == (kind, venue, parts, year)


# -- identity ----------------------------------------------------------------------------------------------------------


def test_the_doi_that_the_authors_gave_proves_another_title() -> None:
    paper = replace(SHEEP, doi="10.1000/X")
    printed = record("Weighing Sheep", "Sheep", 2026, OURS, kind="article", doi="10.1000/x", source="crossref")
    assert judged(paper, printed).printed == printed


def test_a_doi_may_be_a_year_older_than_the_preprint() -> None:
    printed = record(A_TITLE, "Sheep", 2019, OURS, kind="article", doi="10.1000/x", source="crossref")
    assert judged(replace(SHEEP, doi="10.1000/x"), printed).printed == printed


def test_a_publisher_that_names_the_preprint_proves_another_title() -> None:
    printed = record("Weighing Sheep", "Sheep", 2022, OURS, kind="article", ids=("arxiv:2001.00001",), doi="10.1000/y")
    alike = record(A_TITLE, "ICML", 2020, OURS)
    assert judged(SHEEP, alike, printed).printed == printed


def test_semantic_scholar_leads_to_the_record_of_another_title() -> None:
    leads = ("arxiv:1406.2661", "dblp:conf/nips/GoodfellowPMXWOCB14")
    authors = "Ian J. Goodfellow; Jean Pouget-Abadie; Mehdi Mirza"
    s2 = record("Generative Adversarial Nets", "Neural Information", 2014, authors, source="s2", kind="", ids=leads)
    printed = record("Generative Adversarial Nets", "NIPS", 2014, authors, ids=leads[1:], pages="2672-2680")
    assert judged(GAN, printed).printed is None
    found = published(replace(GAN, printed=(row_of(s2), row_of(printed))))
    assert found is not None
    assert found.title == "Generative Adversarial Nets"
    entry = misc(found, "k")
    assert "{Generative Adversarial Nets}" in entry
    assert "{2672--2680}" in entry
    assert "{1406.2661}" in entry


def test_an_id_of_the_anthology_is_the_doi_of_its_record() -> None:
    s2 = record("Sheep", "", 2020, OURS, source="s2", kind="", ids=("arxiv:2001.00001", "acl:2020.acl-main.1"))
    printed = record("Weighing Sheep", "ACL", 2020, OURS, source="acl", doi="10.18653/v1/2020.acl-main.1")
    assert judged(SHEEP, s2, printed).printed == printed


# -- what differs and is the same --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Attention Is All You Need", "Attention is all you need."),
        ("Pre-training: A Survey", "Pre–Training – a survey"),
        ("“Sheep” and Goats", "``Sheep'' and 'Goats'"),
        ("On $O(n^2)$ and the Schrödinger Bridge", "On O(n²) and the Schrodinger Bridge"),
        ("An Image is Worth 16x16 Words", "An Image is Worth 16×16 Words"),
        ("Fold: How to Count Sheep in the Dark", "How to count sheep in the dark"),
    ],
)
def test_titles_that_are_the_same(one: str, other: str) -> None:
    assert same_title(one, other)
    assert same_title(other, one)


@pytest.mark.parametrize(
    "authors",
    [
        "Lovelace, Ada; Li, Bo; Gomez, Carla",
        "A. Lovelace; B. Li; C. Gómez",
        "Ada Lovelace; Li Bo; Carla Gómez",
        "Ada Lovelace; Bo Li; Carla Gómez; Grace Hopper",
    ],
)
def test_names_that_are_the_same(authors: str) -> None:
    assert judged(SHEEP, record(A_TITLE, "ICML", 2020, authors)).printed


def test_some_of_many_authors_may_be_missing() -> None:
    crowd = "; ".join(f"{chr(65 + number)}da Person{number}" for number in range(20))
    paper = preprint("2001.00001", A_TITLE, crowd)
    assert judged(paper, record(A_TITLE, "NeurIPS", 2020, "; ".join(crowd.split("; ")[:12]))).printed
    assert not judged(paper, record(A_TITLE, "NeurIPS", 2020, "Ada Person0; Grace Hopper; Alan Turing")).printed


def test_two_records_of_one_paper_are_one() -> None:
    short, whole = record(A_TITLE, "NIPS", 2020, OURS), record(A_TITLE, "NeurIPS 2020", 2020, OURS, pages="1-9")
    assert judged(SHEEP, short, whole).printed == whole
    of_springer = record(A_TITLE, "Lecture Notes", 2020, OURS, kind="incollection", doi="10.1000/x")
    assert judged(SHEEP, record(A_TITLE, "ECCV (1)", 2020, OURS, doi="10.1000/x"), of_springer).printed


def test_a_workshop_is_named_and_gives_way_to_the_main_track() -> None:
    workshop = record(A_TITLE, "ML4Sheep@NeurIPS", 2020, OURS)
    found = published(replace(SHEEP, printed=(row_of(workshop),)))
    assert found is not None
    assert found.venue == "ML4Sheep@NeurIPS"
    main = record(A_TITLE, "NeurIPS", 2021, OURS)
    assert judged(SHEEP, workshop, main).printed == main


def test_the_authors_words_choose_between_two_venues() -> None:
    conference, journal = record(A_TITLE, "ICML", 2020, OURS), record(A_TITLE, "Sheep", 2021, OURS, kind="article")
    paper = replace(SHEEP, journal_ref="Proceedings of the 37th International Conference on Machine Learning, 2020")
    assert judged(paper, conference, journal).printed == conference


def test_the_reader_may_refuse_and_choose() -> None:
    paper = replace(SHEEP, printed=(row_of(record(A_TITLE, "ICML", 2020, OURS, doi="10.1000/x")),))
    assert published(paper, PREPRINT) is None
    assert published(replace(paper, journal_ref="Sheep 1 (2020) 1-2"), PREPRINT) is None
    assert published(paper, "doi:10.1000/x") is not None
    assert published(paper, "doi:10.1000/gone") is not None  # what is no longer known is decided by the rules


# -- the entry ---------------------------------------------------------------------------------------------------------


def test_the_entry_has_its_true_type_and_fields_and_keeps_eprint_and_key() -> None:
    paper = replace(SHEEP, categories=("cs.DS",), published=date(2020, 1, 2))
    printed = record(A_TITLE, "Journal of Sheep", 2021, OURS, kind="article", doi="10.1000/x")
    printed = printed._replace(volume="4", number="2", pages="1-9", publisher="Sheep Press")
    with_record = replace(paper, printed=(row_of(printed),))
    keys = assign_keys([published(with_record)])  # type: ignore[list-item]
    assert keys == {"2001.00001": "lovelace2020sorting"}
    assert cite([with_record], "bibtex", published=True) == (
        "@article{lovelace2020sorting,\n"
        "  author        = {Lovelace, Ada and Li, Bo and Gómez, Carla},\n"
        f"  title         = {{{A_TITLE}}},\n"
        "  journal       = {Journal of Sheep},\n"
        "  volume        = {4},\n"
        "  number        = {2},\n"
        "  pages         = {1--9},\n"
        "  publisher     = {Sheep Press},\n"
        "  year          = {2021},\n"
        "  eprint        = {2001.00001},\n"
        "  archivePrefix = {arXiv},\n"
        "  primaryClass  = {cs.DS},\n"
        "  doi           = {10.1000/x},\n"
        "  url           = {https://doi.org/10.1000/x},\n"
        "}\n"
    )
    assert cite([with_record], "bibtex").startswith("@misc{lovelace2020sorting,")


GROUP = "Department of Physics, University of X"


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("bibtex", f"  author        = {{Lovelace, Ada and {{{GROUP}}}}},\n"),
        ("ris", "AU  - " + GROUP.replace(",", LOW_COMMA) + "\n"),
        ("csl-json", f'"literal": "{GROUP}"'),
        ("apa", f"Lovelace, A., & {GROUP}. (2020)."),
        ("mla", f"Lovelace, Ada, and {GROUP}. "),
        ("chicago", f"Lovelace, Ada, and {GROUP}. 2020."),
        ("ieee", f"A. Lovelace and {GROUP}, “"),
    ],
)
def test_a_group_with_a_comma_in_its_name_stays_one_author(form: str, written: str) -> None:
    authors = [{"given": "Ada", "family": "Lovelace"}, {"name": GROUP, "sequence": "additional"}]
    work = {"type": "journal-article", "title": [A_TITLE], "DOI": "10.1000/1", "issued": {"date-parts": [[2020]]}}
    found = crossref_record({"message": work | {"author": authors, "container-title": ["A Journal"]}})
    paper = replace(SHEEP, authors=("Ada Lovelace", GROUP), doi="10.1000/1", printed=(row_of(found),))
    (imported,) = read_papers(json.dumps(work | {"type": "article-journal", "author": authors})).papers
    assert written in cite([paper], form, published=True)
    assert written in cite([imported], form)


@pytest.mark.parametrize(
    "form", ["bibtex", "biblatex", "ris", "csl-json", "apa", "mla", "chicago", "chicago-notes", "ieee", "markdown"]
)
@pytest.mark.parametrize("published_form", [True, False])
def test_withdrawn_papers_are_marked_in_every_format(form: str, published_form: bool) -> None:
    row = row_of(record(A_TITLE, "ICML", 2020, OURS))
    paper = replace(SHEEP, withdrawn=True, printed=(row,))
    assert "withdrawn" in cite([paper], form, published=published_form).lower()
    several = [paper, replace(paper, id="2001.00002"), replace(paper, id="2001.00003", withdrawn=False)]
    assert cite(several, form, published=published_form).lower().count("withdrawn") == 2


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=";"), max_size=20).map(str.strip)


@settings(max_examples=examples(50))
@given(
    title=texts,
    year=st.none() | st.integers(1500, 2099),
    authors=st.lists(texts.filter(bool), max_size=3),
    number=texts,
)
def test_a_record_comes_back_as_a_paper_kept_it(title: str, year: int | None, authors: list[str], number: str) -> None:
    known = VenueRecord("dblp", title=title, year=year, authors=tuple(authors), number=number)
    assert record_of(row_of(known)) == known
