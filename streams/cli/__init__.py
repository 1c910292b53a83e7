"""The command line: one module a command or group of commands, loaded when it is asked for.

Exit codes: 0 done; 1 done, but problems were found (each is told); 2 wrong usage; 78 wrong
configuration (as `EX_CONFIG` of sysexits.h); 130 interrupted by Ctrl-C.
"""

from streams.cli.root import main

__all__ = ["main"]
