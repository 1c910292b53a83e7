"""Benches: each answers one question with ratios measured in one run, and prints them."""
