"""The command ``perfeval``, also ``python -m perfeval``."""

from __future__ import annotations

import sys

from perfeval.errors import MissingExtraError


def main() -> None:
    """Run the command; say what to install where its libraries are missing."""
    try:
        from perfeval.cli import run
    except MissingExtraError as error:
        sys.stderr.write(f"perfeval: {error}\n")
        sys.exit(2)
    sys.exit(run())


if __name__ == "__main__":
    main()
