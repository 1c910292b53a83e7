"""`newsflag test`: the project's tests. The launcher sets up the environment before."""

import sys
from importlib.util import find_spec
from pathlib import Path

import typer

from streams.cli.common import examples, new_app
from streams.errors import NewsflagError

ROOT = Path(__file__).parents[2]

app = new_app()


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    epilog=examples("newsflag test", "newsflag test -m 'not broker' -k offsets"),
)
def test(context: typer.Context) -> None:
    """Run the tests; every argument is handed on to pytest."""
    if find_spec("pytest") is None or not (ROOT / "tests").is_dir():
        raise NewsflagError(
            "the tests need a source tree and the extra `test`: in a clone, run `./newsflag test`"
        )
    import pytest  # noqa: PLC0415  (not installed beside a worker)

    sys.exit(
        pytest.main(["--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), *context.args])
    )
