"""Raw articles out of what people have: JSONL, one JSON document, or a page of HTML.

The form is told from the content: `<` starts a page, `[` a list, `{` an object. A line that is no
article becomes a `Problem` that names line, field and fix; the lines after it go on.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

import orjson
from pydantic import ValidationError

from schemas import RawArticle

BOM: Final = b"\xef\xbb\xbf"
HEAD_BYTES: Final = 2048
"""Where a page has to declare its encoding (the HTML standard says 1,024)."""

FIXES: Final = {
    "value_error": "add one of them",
    "string_type": "write a string in double quotes",
    "list_type": "write a list: [ … ]",
    "dict_type": "write an object: { … }",
    "model_type": 'write an object: {"name": …, "url": …}',
}
"""What to do about the kinds of errors that pydantic tells."""

LINE_FIX: Final = "write one article a line, as one JSON object"


@dataclass(frozen=True, slots=True)
class Given:
    """An article as it was read; `line` is its line in JSONL, else its number in the document."""

    line: int
    article: RawArticle

    @property
    def key(self) -> bytes | None:
        """The record's key: the article's URL, else its guid; None where it has neither."""
        name = self.article.url or self.article.guid
        return name.encode() if name else None

    @property
    def value(self) -> bytes:
        """The record's value: the fields that were given, and no others."""
        return orjson.dumps(self.article.model_dump(exclude_unset=True))


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that is no article, and how to mend it."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


def read_articles(stream: IO[bytes], url: str | None = None) -> Iterator[Given | Problem]:
    """Read articles; JSONL is read line by line, the other forms whole.

    Args:
        stream: The input, as bytes.
        url: Address of the page, for HTML; JSON carries its own.
    """
    lines = iter(stream)
    first, number = b"", 0
    for number, line in enumerate(lines, start=1):
        first = line.removeprefix(BOM) if number == 1 else line
        if first.strip():
            break
    start = first.lstrip()[:1]
    if not start:
        yield Problem(max(number, 1), "there is no article in the input: it is empty")
    elif start == b"<":
        yield _page(first + b"".join(lines), url, number)
    elif start == b"[" or (start == b"{" and not _is_json(first)):
        yield from _document(first, lines, number)
    else:
        yield from _json_lines(first, lines, number)


def is_page(head: bytes) -> bool:
    """Whether the first bytes of an input are those of an HTML page."""
    return head.removeprefix(BOM).lstrip()[:1] == b"<"


def decode_page(page: bytes) -> str:
    """The text of a page's bytes: UTF-8, else as the page declares, else Windows-1252.

    Windows-1252 is what the Encoding Standard reads undeclared Western pages as.
    """
    try:
        return page.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError:
        declared = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", page[:HEAD_BYTES], re.IGNORECASE)
        encoding = declared.group(1).decode("ascii") if declared else "cp1252"
        try:
            return page.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            return page.decode("cp1252", "replace")


def _page(page: bytes, url: str | None, line: int) -> Given | Problem:
    return _article({"url": url, "html": decode_page(page)}, line)


def _json_lines(first: bytes, lines: Iterable[bytes], number: int) -> Iterator[Given | Problem]:
    yield _line(first, number)
    for offset, line in enumerate(lines, start=1):
        if line.strip():
            yield _line(line, number + offset)


def _line(line: bytes, number: int) -> Given | Problem:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Problem(number, f"no JSON: {error.msg} at column {error.colno} ({LINE_FIX})")
    return _article(value, number)


def _document(first: bytes, lines: Iterable[bytes], number: int) -> Iterator[Given | Problem]:
    rest = list(lines)
    try:
        value = orjson.loads(first + b"".join(rest))
    except orjson.JSONDecodeError as error:
        if any(_is_json(line) for line in rest):
            yield from _json_lines(first, rest, number)  # JSONL whose first line is the broken one
            return
        yield Problem(number - 1 + error.lineno, f"no JSON: {error.msg} at column {error.colno}")
        return
    if isinstance(value, list):
        if not value:
            yield Problem(number, "there is no article in the input: the list is empty")
        for index, item in enumerate(value, start=1):
            yield _article(item, index)
    else:
        yield _article(value, number)


def _article(value: Any, number: int) -> Given | Problem:
    if not isinstance(value, dict):
        kind = {list: "a list", str: "a string", type(None): "null"}.get(type(value), "a number")
        return Problem(number, f"an article is a JSON object {{ … }}, not {kind}")
    try:
        return Given(number, RawArticle.model_validate(value))
    except ValidationError as error:
        return Problem(number, "; ".join(_told(problem) for problem in error.errors()))


def _told(problem: Any) -> str:
    where = ".".join(str(part) for part in problem["loc"])
    message = problem["msg"].removeprefix("Value error, ")
    fix = FIXES.get(problem["type"])
    told = f"{where}: {message}" if where else message
    return f"{told} ({fix})" if fix else told


def _is_json(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False
