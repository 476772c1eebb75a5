"""Computed lists: news of stars, related papers, topics, missed papers, taste."""
