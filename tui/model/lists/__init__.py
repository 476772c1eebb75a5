"""Lists that are made for a question: news of stars, related papers, topics, and what was missed."""
