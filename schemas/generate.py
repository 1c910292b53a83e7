"""The record types as JSON Schema 2020-12, for consumers in any language.

`python -m schemas.generate` writes `schemas/json/*.schema.json`; with `--check` it writes nothing
and fails when a file is not what the models say.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from .outcome import Outcome
from .raw import RawArticle
from .record import ENRICHED, ArticleRecord

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
FOLDER: Final = Path(__file__).parent / "json"

MODELS: Final[Mapping[str, tuple[type[BaseModel], str]]] = {
    "raw": (RawArticle, "newsflag.raw/1"),
    "record": (ArticleRecord, ENRICHED),
    "outcome": (Outcome, "newsflag.outcome/1"),
}
"""The records that travel on topics: name of the file, model, and the contract's identifier."""

READABLE: Final = ("html", "text", "summary")
"""A raw article needs one of these; a rule between fields, so the model can't derive it."""


def schema_of(name: str) -> dict[str, Any]:
    """The JSON Schema 2020-12 of one record type.

    Args:
        name: A key of `MODELS`.
    """
    model, contract = MODELS[name]
    schema = model.model_json_schema(by_alias=True, mode="validation")
    if name == "raw":
        # The model moves unknown fields under `extra` before it forbids them, so feeders may send
        # any; and what it checks between fields has to be said here.
        schema["additionalProperties"] = True
        schema["anyOf"] = [
            {"required": [field], "properties": {field: {"type": "string"}}} for field in READABLE
        ]
    identifier = "urn:" + contract.replace(".", ":").replace("/", ":")
    return {"$schema": DIALECT, "$id": identifier, **schema}


def render(schema: Mapping[str, Any]) -> str:
    """The bytes of a schema file: stable, so that a change of the models shows as a small diff."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def drifted(folder: Path = FOLDER) -> list[str]:
    """Names of the record types whose file is missing or not what the model says now."""
    return [
        name
        for name in MODELS
        if not (path := file_of(name, folder)).is_file()
        or path.read_text(encoding="utf-8") != render(schema_of(name))
    ]


def file_of(name: str, folder: Path = FOLDER) -> Path:
    """Where the schema of a record type is kept."""
    return folder / f"{name}.schema.json"


def write(folder: Path = FOLDER) -> list[Path]:
    """Write the schema files.

    Returns:
        Their paths.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in MODELS:
        path = file_of(name, folder)
        path.write_text(render(schema_of(name)), encoding="utf-8")
        paths.append(path)
    return paths


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the schema files.

    Returns:
        The exit code: 1 when `--check` finds a file that is out of date.
    """
    parser = argparse.ArgumentParser(prog="python -m schemas.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail on drift")
    options = parser.parse_args(arguments)
    if not options.check:
        for path in write():
            sys.stdout.write(f"{path}\n")
        return 0
    if late := drifted():
        files = ", ".join(str(file_of(name)) for name in late)
        sys.stderr.write(f"out of date: {files}\nrun `python -m schemas.generate`\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
