"""The lexicon: complete, consistent, and strict about mistakes."""

import shutil
from pathlib import Path
from typing import get_args

import pytest

from agents.events import load_coder
from agents.events.codebook import CodebookError
from agents.events.frames import LEXICON, Frame, Lexicon, read_lexicon
from schemas.events import EventType

SECTORS = frozenset(
    {"COP", "GOV", "JUD", "LEG", "MIL", "PRM", "PTY", "REB", "SPY", "UAF", "UNK", "AGR", "BUS",
     "CRM", "CVL", "EDU", "ELI", "JRN", "LAB", "MED", "REF", "OPP", "PRE", "REL", "SOC", "IGO",
     "UNO", "EUR", "NGO", "thing"}
)  # fmt: skip


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_coder().lexicon


def frames(lexicon: Lexicon) -> list[Frame]:
    indices = (lexicon.verbs, lexicon.nouns)
    found = {t.frame.id: t.frame for index in indices for ts in index.values() for t in ts}
    return list(found.values())


def test_every_type_and_mode_has_a_frame_or_an_operator(lexicon: Lexicon) -> None:
    reached = {(f.type, f.mode) for f in frames(lexicon)}
    reached |= {(f.type, mode) for f in frames(lexicon) for mode, _ in f.modes_by_word}
    rules = [rule for table in lexicon.operators.values() for rule in table.values()]
    reached |= {(rule.becomes, rule.mode) for rule in rules if rule.becomes}
    for kind in get_args(EventType):
        assert any(k == kind for k, _ in reached), kind
        missing = {m for m in lexicon.codebook[kind].modes if (kind, m) not in reached}
        assert not missing, (kind, missing)


def test_every_frame_names_a_gate_and_an_operator_that_exist(lexicon: Lexicon) -> None:
    for frame in frames(lexicon):
        assert frame.gate in lexicon.gates["gate"], frame.id
        if frame.operator and frame.operator != "warn":
            assert frame.operator in lexicon.operators, frame.id


def test_sector_codes_are_those_of_the_codebook(lexicon: Lexicon) -> None:
    for name, sectors in lexicon.agents.items():
        assert set(sectors) <= SECTORS, name
    for name, (country, sectors) in lexicon.names.items():
        assert set(sectors) <= SECTORS, name
        assert country is None or (len(country) == 3 and country.isupper()), name


def test_intensity_has_the_sign_of_the_quad_class(lexicon: Lexicon) -> None:
    for kind, entry in lexicon.codebook.items():
        values = [entry.intensity, *entry.modes.values()]
        if "cooperation" in entry.quad:
            assert min(values) > 0, kind
        elif kind != "REQUEST":
            assert max(values) < 0, kind


@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        ("frames/aid.toml", 'gate = "aid"', 'gaet = "aid"', "unknown keys"),
        ("frames/aid.toml", "@help", "@no-such-class", "unknown class"),
        ("frames/assault.toml", 'mode = "beat"', 'mode = "beaten"', "unknown to ASSAULT"),
        ("frames/aid.toml", 'type = "AID"', 'type = "AIDE"', "unknown type"),
        ("operators.toml", 'CONSULT = "AGREE"', 'CONSULT = "AGREED"', "unknown type"),
        ("codebook.toml", "[type.AID]", "[type.AIDE]", "types differ"),
        ("names.tsv", "pentagon\tUSA\tGOV MIL", "pentagon USA GOV", "columns are needed"),
    ],
)
def test_a_mistake_in_a_file_stops_the_load_and_names_the_place(
    tmp_path: Path, file: str, before: str, after: str, message: str
) -> None:
    folder = tmp_path / "lexicon"
    shutil.copytree(LEXICON, folder)
    path = folder / file
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(CodebookError, match=message):
        read_lexicon(folder)


def test_the_digest_changes_with_the_words(tmp_path: Path, lexicon: Lexicon) -> None:
    folder = tmp_path / "lexicon"
    shutil.copytree(LEXICON, folder)
    assert read_lexicon(folder).digest == lexicon.digest
    with (folder / "agents.tsv").open("a", encoding="utf-8") as agents:
        agents.write("beekeeper\tAGR\n")
    changed = read_lexicon(folder)
    assert changed.digest != lexicon.digest
    assert changed.agents["beekeeper"] == ("AGR",)
