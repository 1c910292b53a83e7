"""Ties a person of a text to the knowledge base of office holders, by name, office and date."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .knowledge import Entry, Knowledge, Term

LEADING: Final = frozenset(
    {"president", "prime minister", "premier", "chancellor", "king", "queen", "pope", "emir",
     "supreme leader", "crown prince", "secretary-general"}
)  # fmt: skip
"""Offices whose holders are known to every reader by their full name alone."""
PAST: Final = ("former", "ex-", "late", "then")


@dataclass(frozen=True, slots=True)
class Known:
    """Who a person is, how sure that is (0 to 1), and why."""

    entry: Entry
    score: float
    reason: str


def identify(
    names: Iterable[str],
    titles: Iterable[str],
    knowledge: Knowledge,
    *,
    day: str | None,
    countries: Mapping[str, int],
) -> Known | None:
    """The office holder whom a text means; None where none fits or two do.

    Args:
        names: All names of the person in the text.
        titles: Offices that the text gives the person.
        knowledge: The knowledge base.
        day: Day of publication, ISO 8601; None where unknown.
        countries: How often the text names each country, by alpha-3.
    """
    names, offices = list(names), [title.lower() for title in titles]
    for name in sorted(names, key=len, reverse=True):
        if exact := knowledge.people.get(name):
            return _by_full_name(exact, offices, countries)
    if any(" " in name for name in names):
        return None
    terms = [term for name in names for term in knowledge.surnames.get(name, ())]
    if day is not None:
        terms = [term for term in terms if _plausible(term, day, offices)]
    fitting = [term for term in terms if any(_same_office(term.office, o) for o in offices)]
    for choice, score, reason in (
        (_of_countries(fitting, countries), 0.95, "surname, office and country"),
        (fitting, 0.9, "surname and office"),
        (_of_countries(terms, countries) if not offices else [], 0.8, "surname and country"),
    ):
        people = {term.person.id: term.person for term in choice}
        if len(people) == 1:
            return Known(next(iter(people.values())), score, reason)
    return None


def _by_full_name(
    terms: Sequence[Term], offices: Sequence[str], countries: Mapping[str, int]
) -> Known | None:
    """Others bear the same name: office or country must fit, or the person lead a state."""
    person = terms[0].person
    if any(_same_office(term.office, office) for term in terms for office in offices):
        return Known(person, 1.0, "full name and office")
    if _of_countries(terms, countries):
        return Known(person, 1.0, "full name and country")
    if any(term.office in LEADING for term in terms) and not offices:
        return Known(person, 0.8, "full name")
    return None


def _plausible(term: Term, day: str, offices: list[str]) -> bool:
    """In office on the day; before it only where the text says "former" or gives no office."""
    if term.holds(day):
        return True
    former = any(office.startswith(PAST) for office in offices)
    return term.first <= day and (former or not offices)


def _same_office(office: str, title: str) -> bool:
    bare = title
    for word in (*PAST, "-", " "):
        bare = bare.removeprefix(word).strip()
    return bare == office or bare.endswith(f" {office}") or office.endswith(f" {bare}")


def _of_countries(terms: Iterable[Term], countries: Mapping[str, int]) -> list[Term]:
    return [term for term in terms if term.person.country and countries.get(term.person.country)]
