"""Large XML files element by element in bounded memory, without entities or network."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from lxml import etree

from .version import Refused


def elements(path: Path, tags: Sequence[str]) -> Iterator[etree._Element]:
    """The elements with one of the local names, in document order; each is emptied afterwards.

    Raises:
        Refused: The file is no well-formed XML (`cut`), or declares a document type (`entities`).
    """
    try:
        with path.open("rb") as stream:
            parser = etree.iterparse(
                stream,
                events=("end",),
                tag=tuple(f"{{*}}{tag}" for tag in tags),
                resolve_entities=False,
                load_dtd=False,
                no_network=True,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
            )
            for _, element in parser:
                if element.getroottree().docinfo.doctype:
                    raise Refused("entities", f"{path.name} declares a document type")
                yield element
                _forget(element)
    except etree.XMLSyntaxError as error:
        raise Refused("cut", f"{path.name} is no whole XML file: {error}") from error


def text(element: etree._Element, path: str) -> str:
    """Text of the first descendant at a path of local names (`NATIONALITY/VALUE`), or ``""``."""
    found = all_texts(element, path)
    return found[0] if found else ""


def all_texts(element: etree._Element, path: str) -> list[str]:
    """Non-empty texts of all descendants at a path of local names."""
    steps = "/".join(f"{{*}}{step}" for step in path.split("/"))
    return [
        value for found in element.findall(steps) if (value := " ".join((found.text or "").split()))
    ]


def children(element: etree._Element, path: str) -> list[etree._Element]:
    """All descendants at a path of local names."""
    return element.findall("/".join(f"{{*}}{step}" for step in path.split("/")))


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
