"""The parts of the documentation that the code knows best: settings, topics, commands.

`python -m streams.cli.pages` writes them between the markers `<!-- begin NAME -->` and
`<!-- end NAME -->` of `docs/*.md`; with `--check` it writes nothing and fails on drift.
"""

import argparse
import importlib
import re
import sys
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import typer

from streams.cli.root import COMMANDS
from streams.settings import PREFIX, Settings
from streams.topics import TOPICS

DOCS: Final = Path(__file__).parents[2] / "docs"
STATE_DIR_DEFAULT: Final = "`$XDG_STATE_HOME/newsflag`, else `~/.local/state/newsflag`"


def settings_table() -> str:
    """One row a setting: name, default, values, what it is for."""
    rows = [
        (f"`{PREFIX}{name.upper()}`", _default(name, info), _values(info), info.description or "")
        for name, info in Settings.model_fields.items()
    ]
    return _table(("setting", "default", "values", "what for"), rows)


def topics_table() -> str:
    """One row a topic: name, record, how long kept by default, what it is."""
    defaults = Settings()
    rows = []
    for topic in TOPICS:
        days = int(topic.config(defaults)["retention.ms"]) // 86_400_000
        schema = f"[{topic.record}](../schemas/json/{topic.record}.schema.json)"
        rows.append(
            (f"`{topic.name}`", schema if topic.record else "bytes", f"{days} days", topic.about)
        )
    return _table(("topic", "record", "kept", "what it is"), rows)


def commands_text() -> str:
    """A section a command: what it does, its arguments and options, examples."""
    return "\n\n".join(_command_text(words, command) for words, command in all_commands())


def all_commands() -> Iterator[tuple[str, Any]]:
    """Every command with the words that call it; of a group, its commands."""
    for name, module in COMMANDS.items():
        command: Any = typer.main.get_command(importlib.import_module(module).app)
        inner: Mapping[str, Any] = getattr(command, "commands", {"": command})
        for word, one in inner.items():
            yield f"{name} {word}".strip(), one


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "settings": settings_table,
    "topics": topics_table,
    "commands": commands_text,
}
"""The generated part of each page, by the page's name."""


def page_file(name: str) -> Path:
    """Where a page is kept."""
    return DOCS / f"{name}.md"


def rendered(name: str) -> str:
    """A page with its generated part made anew.

    Raises:
        ValueError: The page has no markers.
    """
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    text = page_file(name).read_text("utf-8")
    if text.count(begin) != 1 or text.count(end) != 1:
        raise ValueError(f"{page_file(name)} needs the lines {begin} and {end}, once each")
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n\n{PAGES[name]()}\n\n{end}{after}"


def drifted() -> list[str]:
    """Names of the pages whose generated part is not what the code says now."""
    return [name for name in PAGES if page_file(name).read_text("utf-8") != rendered(name)]


def _default(name: str, info: Any) -> str:
    if name == "state_dir":
        return STATE_DIR_DEFAULT
    value = info.get_default(call_default_factory=True)
    if value in {None, "", ()}:
        return ""
    return f"`{','.join(value) if isinstance(value, tuple) else value}`"


def _values(info: Any) -> str:
    if typing.get_origin(info.annotation) is Literal:
        return ", ".join(f"`{value}`" for value in typing.get_args(info.annotation))
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    bounds = [
        f"{sign} {getattr(constraint, name)}"
        for constraint in info.metadata
        for name, sign in signs.items()
        if hasattr(constraint, name)
    ]
    return ", ".join(bounds)


def _command_text(words: str, command: Any) -> str:
    parts = [f"## newsflag {words}", _unwrapped(command.help or "")]
    params = [param for param in command.params if not getattr(param, "hidden", False)]
    rows = [(_param_name(param), getattr(param, "help", None) or "") for param in params]
    if rows:
        parts.append(_table(("argument or option", "what for"), rows))
    examples: list[str] = re.findall(r"^- `(.*)`$", command.epilog or "", re.MULTILINE)
    if examples:
        parts.append("\n".join(["```sh", *examples, "```"]))
    return "\n\n".join(parts)


def _param_name(param: Any) -> str:
    if param.param_type_name == "argument":
        return f"`{param.metavar or param.name.upper()}`"
    names = ", ".join(f"`{name}`" for name in (*param.opts, *param.secondary_opts))
    return f"{names} {param.metavar}" if param.metavar else names


def _unwrapped(text: str) -> str:
    """Paragraphs on one line each."""
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the generated parts.

    Returns:
        The exit code: 1 when `--check` finds a page that is out of date.
    """
    parser = argparse.ArgumentParser(prog="python -m streams.cli.pages", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail on drift")
    late = drifted()
    if parser.parse_args(arguments).check:
        if late:
            sys.stderr.write(f"out of date: {late}; run `python -m streams.cli.pages`\n")
        return 1 if late else 0
    for name in late:
        page_file(name).write_text(rendered(name), "utf-8")
        sys.stdout.write(f"{page_file(name)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
