"""Raw articles out of JSONL, one JSON document or a page; problems with line, field and fix."""

import io
import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.cli.articles import Given, Problem, decode_page, is_page, read_articles

ARTICLE = {"url": "https://a.example.org/1", "text": "Troops crossed the river."}


def read(data: bytes | str, url: str | None = None) -> list[Given | Problem]:
    return list(read_articles(io.BytesIO(data.encode() if isinstance(data, str) else data), url))


def articles(data: bytes | str, url: str | None = None) -> list[dict[str, Any]]:
    found = read(data, url)
    assert all(isinstance(item, Given) for item in found)
    return [orjson.loads(item.value) for item in found if isinstance(item, Given)]


def problems(data: bytes | str) -> list[str]:
    return [str(item) for item in read(data) if isinstance(item, Problem)]


def test_jsonl_is_read_line_by_line_and_blank_lines_are_passed_over() -> None:
    lines = f"\n{json.dumps(ARTICLE)}\n\n{json.dumps({'summary': 's'})}\n"
    found = read(lines)
    assert [item.line for item in found] == [2, 4]
    assert articles(lines) == [ARTICLE, {"summary": "s"}]


def test_a_line_is_read_only_when_it_is_asked_for() -> None:
    class Endless(io.RawIOBase):
        def __iter__(self) -> Any:
            while True:
                yield json.dumps(ARTICLE).encode()

    stream = read_articles(Endless())  # type: ignore[arg-type]  # a stream that only iterates
    assert [next(stream).line for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize("indent", [None, 2])
def test_one_object_and_a_list_of_objects_are_read_whole(indent: int | None) -> None:
    assert articles(json.dumps(ARTICLE, indent=indent)) == [ARTICLE]
    assert articles(json.dumps([ARTICLE, ARTICLE], indent=indent)) == [ARTICLE, ARTICLE]


def test_a_page_becomes_an_article_with_its_address() -> None:
    page = "<!doctype html><html><body><p>Ça va.</p></body></html>"
    assert articles(page, "https://a.example.org/p") == [
        {"url": "https://a.example.org/p", "html": page}
    ]


def test_a_byte_order_mark_is_passed_over() -> None:
    assert articles(b"\xef\xbb\xbf" + json.dumps(ARTICLE).encode()) == [ARTICLE]
    assert is_page(b"\xef\xbb\xbf <p>")


def test_unknown_fields_are_kept_under_extra() -> None:
    assert articles(json.dumps({**ARTICLE, "case": "x"})) == [{**ARTICLE, "extra": {"case": "x"}}]


def test_only_what_was_given_is_sent() -> None:
    assert articles(json.dumps(ARTICLE)) == [ARTICLE]


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"url": "https://a.example.org/ü", "guid": "g"}, "https://a.example.org/ü".encode()),
        ({"guid": "g"}, b"g"),
        ({}, None),
    ],
)
def test_the_key_is_the_address_else_the_guid(fields: dict[str, str], key: bytes | None) -> None:
    (item,) = read(json.dumps({"text": "t", **fields}))
    assert isinstance(item, Given)
    assert item.key == key


def test_a_wrong_line_names_line_field_and_fix_and_the_others_go_on() -> None:
    lines = [
        json.dumps(ARTICLE),
        '{"url": "u", "title": 3, "authors": "me", "text": "t"}',
        '{"url": "u"}',
        "no json",
        "[1]",
        "7",
        json.dumps({"summary": "s"}),
    ]
    found = read("\n".join(lines))
    assert [type(item) is Given for item in found] == [True, *[False] * 5, True]
    told = problems("\n".join(lines))
    assert told[0].startswith("line 2: title: ")
    assert "(write a string in double quotes)" in told[0]
    assert "authors: " in told[0]
    assert told[1] == ("line 3: one of html, text and summary is needed (add one of them)")
    assert told[2].startswith("line 4: no JSON: ")
    assert told[3] == "line 5: an article is a JSON object { … }, not a list"
    assert told[4] == "line 6: an article is a JSON object { … }, not a number"


def test_a_broken_first_line_does_not_hide_the_others() -> None:
    found = read(f'{{"text": "cut\n{json.dumps(ARTICLE)}\n')
    assert [type(item) for item in found] == [Problem, Given]
    assert [item.line for item in found] == [1, 2]


def test_a_broken_document_names_the_line_of_the_fault() -> None:
    (told,) = problems('{\n "url": "u",\n "text" "t"\n}')
    assert told.startswith("line 3: no JSON: ")


def test_a_fault_in_a_list_names_the_article_by_its_number() -> None:
    (told,) = problems(json.dumps([ARTICLE, {"url": "u"}], indent=1))
    assert told.startswith("line 2: one of html")


@pytest.mark.parametrize("data", ["", "\n \n", "[]"])
def test_an_input_without_articles_is_a_problem(data: str) -> None:
    (told,) = problems(data)
    assert "there is no article in the input" in told


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>é</p>".encode(), "<p>é</p>"),
        ('<meta charset="iso-8859-2"><p>ł</p>'.encode("iso-8859-2"), "ł"),
        ("<p>“é”</p>".encode("cp1252"), "“é”"),
        (b"<meta charset=klingon><p>\x93\xe9", "“é"),
    ],
)
def test_pages_are_decoded_as_utf8_as_declared_or_as_windows_1252(page: bytes, text: str) -> None:
    assert text in decode_page(page)


@given(st.binary(max_size=400))
def test_no_input_is_an_exception(data: bytes) -> None:
    for item in read(data):
        assert isinstance(item, Given | Problem)
        assert item.line >= 1


@given(
    st.lists(st.fixed_dictionaries({"text": st.text(), "title": st.text()}), min_size=1, max_size=5)
)
def test_every_form_of_the_same_articles_reads_the_same(values: list[dict[str, str]]) -> None:
    lines = b"\n".join(orjson.dumps(value) for value in values)
    assert articles(lines) == values
    assert articles(orjson.dumps(values)) == values
    assert articles(orjson.dumps(values, option=orjson.OPT_INDENT_2)) == values
