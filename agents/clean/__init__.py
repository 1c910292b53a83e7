"""The clean stage: a page, a text or a feed's summary into the article and nothing but the article.

`news.raw` -> `news.clean`. trafilatura finds the body; the news layer here reads the head data
(JSON-LD, OpenGraph, meta, microdata, visible text), takes boilerplate off the text, turns dateline
and agency into fields, and says why where no article came out. The rules are tables in `data/`.
"""

from agents.stage import Options, Run, Stage

from .cleaner import Cleaner


def load(options: Options) -> Run:
    """Load the language model and make the stage's function."""
    return Cleaner(options)


STAGE = Stage(
    name="clean",
    source="news.raw",
    sink="news.clean",
    reads=frozenset(),
    adds="article",
    load=load,
)
