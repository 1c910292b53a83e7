"""The version of a stage: a digest of its code and data, so that provenance tells what was run."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

KINDS: Final = frozenset({".py", ".toml", ".tsv", ".txt", ".json", ".jsonl"})
"""Files that can change what a stage says; documentation can't, and a model has its own digest."""

HEX_DIGITS: Final = 12


@cache
def release(package_file: str, leave_out: str = "") -> str:
    """Digest of a stage's package, as its block's provenance names it.

    Args:
        package_file: `__file__` of a module in the package's top folder.
        leave_out: A folder in it that has a digest of its own.
    """
    root = Path(package_file).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        inner = path.relative_to(root)
        if path.suffix in KINDS and inner.parts[0] != leave_out and path.is_file():
            digest.update(inner.as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:HEX_DIGITS]
