"""Pages of our own writing, as news sites build them."""

from collections.abc import Callable

import pytest

from agents.clean import load
from agents.clean.cleaner import Cleaner
from agents.stage import Options, Rejected
from schemas import Article, ArticleBlock, RawArticle

STORY = (
    "Port officials in Halden said on Monday that two ferries had collided in thick fog.",
    "Nobody was hurt, the harbour master said, but both ships will stay in dock for a week.",
    "“We had no warning on the radar,” said Ida Moe, captain of the larger vessel.",
    "The company that owns both ferries has promised a full report within a month.",
    "Services to the islands will run on a winter timetable until the end of the week.",
)


@pytest.fixture(scope="session")
def cleaner() -> Cleaner:
    run = load(Options(languages=("any",)))
    assert isinstance(run, Cleaner)
    return run


@pytest.fixture
def article(cleaner: Cleaner) -> Callable[..., Article]:
    """Clean one raw article that must come out."""

    def clean(**fields: object) -> Article:
        [made] = cleaner([RawArticle.model_validate(fields)])
        assert isinstance(made, ArticleBlock), made
        return made.article

    return clean


@pytest.fixture
def rejected(cleaner: Cleaner) -> Callable[..., Rejected]:
    """Clean one raw article that must not come out."""

    def clean(**fields: object) -> Rejected:
        [made] = cleaner([RawArticle.model_validate(fields)])
        assert isinstance(made, Rejected), made
        return made

    return clean


@pytest.fixture
def page() -> Callable[..., str]:
    """A page of the story above; the parts are put in where sites have them."""

    def build(
        head: str = "", before: str = "", after: str = "", story: tuple[str, ...] = STORY
    ) -> str:
        body = "".join(f"<p>{paragraph}</p>" for paragraph in story)
        return (
            f"<!DOCTYPE html><html lang='en'><head>{head}</head><body>"
            "<nav><a href='/'>Home</a> <a href='/world'>World</a></nav>"
            f"<article><div class='article-body'>{before}{body}{after}</div></article>"
            "<footer>Contact us</footer></body></html>"
        )

    return build
