"""What goes wrong while the environment is made, in words that name the fix.

Part of the launcher: standard library only.
"""

import errno
import sys
from pathlib import Path
from typing import Final

FREE_MB_MIN: Final = 1500
"""The environment takes 850 MB; pip needs room beside it."""

LOG_LINES_TOLD: Final = 12

FIXES: Final = (
    (
        ("No space left on device", "Errno 28", "Disk quota exceeded"),
        "the disk is full. Free {free} MB in {home}, or set NEWSFLAG_HOME to a larger disk.",
    ),
    (
        ("DO NOT MATCH THE HASHES",),
        "a downloaded file is not the one in the lock: a proxy or a package index of its own may "
        "have changed it. Try another network, or remove the index from pip's configuration.",
    ),
    (
        ("CERTIFICATE_VERIFY_FAILED", "SSLError"),
        "the package index's certificate is not trusted here. If a proxy signs anew, give its "
        "certificate: export PIP_CERT=/path/to/ca.pem",
    ),
    (
        ("NewConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ProxyError",
         "name resolution", "Name or service not known", "Network is unreachable",
         "Connection refused", "ConnectionResetError", "RemoteDisconnected"),
        "the package index can't be reached. Check the network (pip heeds HTTPS_PROXY and "
        "PIP_INDEX_URL) and start again: it goes on with what is downloaded already.",
    ),
    (
        ("error: command", "Failed building wheel", "Failed to build",
         "metadata-generation-failed"),
        "a package has no ready-made form for Python {python} on this machine and could not be "
        "built. Use Python 3.11 to 3.14 on Linux with glibc, or install a C compiler.",
    ),
    (
        ("No matching distribution found",),
        "a package is missing on the package index for Python {python}. Use Python 3.11 to 3.14, "
        "and look whether pip's configuration names an index that is not complete.",
    ),
)  # fmt: skip


class SetUpError(Exception):
    """The environment can't be made; the message says why and what mends it."""


def explained(problem: str, output: str, home: Path) -> str:
    """What a tool's output means and what mends it, with the end of the output."""
    lines = [line for line in output.splitlines() if line.strip()]
    shown = "\n".join(f"    {line[:300]}" for line in lines[-LOG_LINES_TOLD:])
    for signs, fix in FIXES:
        if any(sign in output for sign in signs):
            python = sys.version.split()[0]
            told_fix = fix.format(free=FREE_MB_MIN, home=home, python=python)
            return f"{problem}: {told_fix}\n{shown}"
    return f"{problem}; the fix should be in what the tool said:\n{shown}"


def told(error: OSError, home: Path) -> str:
    """What a failed file operation means and what mends it."""
    where = error.filename or home
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"the disk is full ({where}). Free {FREE_MB_MIN} MB, or set NEWSFLAG_HOME."
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return (
            f"{where} can't be written ({error.strerror}). Clone into a folder of your own, or set "
            "NEWSFLAG_HOME to a folder that can be written; the environment is then made there."
        )
    return (
        f"{where}: {error.strerror}. If that is no folder that can be written, set NEWSFLAG_HOME "
        "to one; the environment is then made there."
    )
