"""`newsflag version`: ours, and those of what it stands on."""

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import typer

from streams.cli.common import AsJson, examples, new_app, print_json

PARTS: Final = ("faust-streaming", "aiokafka", "spacy", "pydantic", "trafilatura")

app = new_app()


@app.command(epilog=examples("newsflag version", "newsflag version --json"))
def show(as_json: AsJson = False) -> None:
    """Print the versions of Newsflag, Python and the main libraries."""
    versions = {"newsflag": own_version(), "python": platform.python_version()}
    versions |= {part: version(part) for part in PARTS}
    if as_json:
        print_json(versions)
        return
    for name, number in versions.items():
        typer.echo(f"{name} {number}")


def own_version() -> str:
    """Newsflag's version: of the source tree that runs, else of the installed distribution."""
    project = Path(__file__).parents[2] / "pyproject.toml"
    if project.is_file():
        import tomllib  # noqa: PLC0415  (only in a source tree)

        return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])
    try:
        return version("newsflag")
    except PackageNotFoundError:
        return "unknown"
