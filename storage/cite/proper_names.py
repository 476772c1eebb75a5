"""Names whose capital a style must keep, for titles in which every word has a capital.

Made from the titles and abstracts of two and a half years of Daily Papers: words in titles that abstracts capitalise
within sentences; and other peoples, languages, places and mathematicians.
"""

from __future__ import annotations

from paperdeck.storage.text.words import word_set

_LANGUAGES_AND_PEOPLES = word_set(
    "African Afrikaans American Amharic Arab Arabic Armenian Asian Australian Austrian Basque Bavarian Belgian "
    "Bengali Brazilian British Bulgarian Canadian Cantonese Catalan Chinese Croatian Czech Danish Dutch Egyptian "
    "English Estonian European Finnish French Galician Georgian German Greek Gujarati Hausa Hebrew Hindi "
    "Hungarian Icelandic Indian Indic Indonesian Iranian Iraqi Irish Israeli Italian Japanese Javanese Kannada "
    "Karakalpak Kazakh Korean Kurdish Latin Latvian Lithuanian Malay Malayalam Maltese Mandarin Marathi Mexican "
    "Mongolian Nepali Nordic Norwegian Persian Polish Portuguese Punjabi Quechua Romanian Russian Sanskrit "
    "Sardinian Scandinavian Scottish Serbian Slavic Slovak Slovenian Somali Spanish Swahili Swedish Swiss Tamil "
    "Telugu Thai Tibetan Turkish Ukrainian Urdu Uyghur Uzbek Vietnamese Welsh Yiddish Yoruba Zulu "
    "Albanian Argentine Assamese Azerbaijani Belarusian Bosnian Breton Burmese Chilean Colombian Cuban Esperanto "
    "Ethiopian Faroese Filipino Hawaiian Igbo Khmer Luxembourgish Macedonian Maori Moroccan Odia Pashto Peruvian "
    "Saudi Sindhi Sinhala Tagalog Tunisian Xhosa"
)
_PLACES = word_set(
    "Africa America Amazon Antarctica Arctic Asia Australia Austria Barcelona Beijing Belgium Berlin Boston "
    "Brazil Britain Cambridge Canada Chicago China Denmark Egypt England Europe Finland France Germany Greece "
    "Hollywood Iceland India Indonesia Iran Ireland Israel Italy Japan Kenya Korea London Mars Mexico Montreal "
    "Moscow Netherlands Nigeria Norway Oxford Pakistan Paris Poland Portugal Russia Scotland Seoul Shanghai "
    "Singapore Spain Stanford Sweden Switzerland Taiwan Thailand Tokyo Toronto Turkey Ukraine Vietnam Wales York "
    "Zurich"
)
_MATHEMATICIANS = word_set(
    "Abel Abelian Alzheimer Archimedes Bayes Bayesian Bellman Bernoulli Bessel Boltzmann Boolean Bourbaki Bregman "
    "Brownian Carlo Cartesian Cauchy Chebyshev Cholesky Chomsky Cohen Darwin Descartes Dijkstra Dirac Dirichlet "
    "Elo Einstein Euclid Euclidean Euler Eulerian Fermat Fibonacci Fisher Fourier Frobenius Gabor Galerkin Galois "
    "Gauss Gaussian Gaussians Gibbs Godel Goodhart Gumbel Hadamard Hamilton Hamiltonian Hausdorff Hawkes Hebbian "
    "Heisenberg Hermite Hermitian Hessian Hilbert Hodge Hopfield Huber Huffman Jacobi Jacobian Jacobians Jensen "
    "Jordan Kalman Kantorovich Kolmogorov Krylov Kronecker Kullback Lagrange Lagrangian Langevin Laplace "
    "Laplacian Lebesgue Legendre Leibler Leibniz Levenshtein Lipschitz Lyapunov Mahalanobis Markov Markovian "
    "Mercer Minkowski Monte Moore Nash Nesterov Neumann Newton Newtonian Noether Nyquist Nystrom Occam Pareto "
    "Parkinson Parzen Pearson Penrose Pitman Platonic Poincare Poisson Procrustes Pythagorean Rademacher Riemann "
    "Riemannian Runge Schrodinger Shannon Shapley Sherlock Simpson Sinkhorn Sobolev Socratic Stein Stiefel Stokes "
    "Sylvester Taylor Tikhonov Turing Tweedie Vandermonde Vapnik Viterbi Voronoi Wasserstein Wiener Wigner Zipf "
    "Banach Borel Bose Cantor Coulomb Delaunay Doppler Erdos Faraday Fermi Feynman Goldbach Hamming Ising Jaccard "
    "Kendall Kepler Lorentz Maxwell Navier Ornstein Pauli Peano Planck Raman Ramsey Rayleigh Renyi Reynolds Schur "
    "Spearman Steiner Toeplitz Uhlenbeck Vietoris Weyl Zermelo"
)
_SYSTEMS = word_set(
    "Adam Android Anthropic Apollo Baidu Bielik Caffe Claude Codex Copilot Cosmos Coq Dafny Docker Falcon Fortran "
    "Gemini Gemma Google Grok Haskell Hugging Hunyuan Imagen Isabelle Jamba Java Julia Jupyter Kandinsky Kimi "
    "Kling Kotlin Linux Llama Lumina Lyra Magistral Mamba Matlab Matryoshka Microsoft Minecraft Ministral Mistral "
    "Molmo Moltbook Muon Nemotron Nvidia Olympiad Olympiads Perl Perplexity Pixtral Prolog Python Qilin Qwen "
    "Reddit Roblox Samba Scala Seedance Seedream Shampoo Skywork Sora Stockfish Tongyi Triton Twitter Verilog "
    "Verus Veo Vicuna Voyager Whisper Wikidata Wikipedia Xiaohongshu Zamba"
)

PROPER_NAMES = _LANGUAGES_AND_PEOPLES | _PLACES | _MATHEMATICIANS | _SYSTEMS
"""The names as in titles, without accents."""
