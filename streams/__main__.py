"""`python -m streams ARGS`: what the launcher `newsflag` runs."""

from streams.cli import main

if __name__ == "__main__":
    main()
