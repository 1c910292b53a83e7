"""The sample feed: raw articles of our own that show what the pipeline does (see README.md)."""

from pathlib import Path
from typing import Final

FEED: Final = Path(__file__).with_name("feed.jsonl")
"""JSONL, one raw article a line."""
