"""Words that mean nothing as a reason: those of any research paper, and those in a large share of the library's papers.

They still count in the score, which the reasons sum to; they just aren't named.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from .corpus import Corpus
from .terms import term_of

COMMON_SHARE: Final = 1 / 3
"""A word in a larger share of the papers says nothing about any one of them.

On recorded days “model”, “training”, “benchmark” and “task” are above it, “agent”, “reasoning” and “video” below.
"""

_SCHOLARLY: Final = (
    "ability accuracy achieve addition additional advance advantage aim analysis application approach area arxiv "
    "aspect available average aware based baseline benchmarking benefit best better bridge broad build capability "
    "case category central challenge challenging claim clear co collection com combination combine common comparable "
    "compare comparison competitive complete complex component comprehensive concept consider consistent construct "
    "contain contribution conventional core correct cover create critical cross current data dataset date demonstrate "
    "describe design detail detailed develop development difference different difficult direct distinct diverse "
    "domain easily effect effective effectively efficiency efficient effort empirical enable enabling end enhance "
    "ensure entire especially essential establish evaluate evaluation evidence example exceed exhibit existing "
    "experiment experimental explicit explore extend extensive factor feature field final find finding fine fixed "
    "focus form framework full fully fundamental future gain gap general generate github given goal good great group "
    "guide help helping heterogeneous high highly http https huggingface identify impact implementation important "
    "improve improved improvement include including increase independent individual information initial input insight "
    "instance instead integrate introduce investigate involve io issue item key kind lack large largely lead leading "
    "learn learned learning length level leverage leveraging limit limitation limited line little long low lower main "
    "maintain major make making manner match matter maximum mean mechanism method methodology metric million minimal "
    "model moderate modern module multi multiple natural nature need new non normal notable novel number objective "
    "observe obtain offer open operate option order org oriented original outcome outperform output overall overcome "
    "pair paper paradigm parameter part particular past perform performance period perspective phase pipeline point "
    "poor popular positive possible post potential power powerful practical practice pre precise present preserve "
    "previous primary principle principled prior problem procedure process produce progress project promising propose "
    "proposed prove provide public publicly purpose quality question range rate ratio reach real recent reduce "
    "reduction related relative relevant reliable rely remain report represent require requirement research resource "
    "respectively response result reveal rich right run sample scale scenario scheme scope score second select "
    "selected self semi separate serve set setting setup short show shown significant similar simple simply single "
    "size small solution solve source special specific stage standard start state step strategy strength strong study "
    "sub subject substantial success successful sufficient suggest suitable support surpass system systematic take "
    "target task technique term test testing thousand time top total train training transform treat true type typical "
    "unique unit use useful using utility utilize valid validate value variable variant variation variety various "
    "vary version wide work working www yield"
)
_SCHOLARLY_TERMS: Final = frozenset(map(term_of, _SCHOLARLY.split()))


def common_terms(terms: Iterable[int], corpus: Corpus) -> frozenset[int]:
    """The scholarly terms, and those of the given terms that are in a large share of the library's papers."""
    return _SCHOLARLY_TERMS.union(term for term in terms if corpus.share_having(term) > COMMON_SHARE)
