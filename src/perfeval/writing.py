"""Writing a file whole: a failed write leaves the old file."""

from __future__ import annotations

from os import PathLike

__all__ = ["replace_file"]


def replace_file(path: str | PathLike[str], data: bytes) -> None:
    """Write *data* to a file in one step: all of it, or the old file stays.

    The file keeps its permissions; a new one has those of the process.

    Raises:
        OSError: If the file cannot be written.
    """
    import os
    import tempfile
    from pathlib import Path

    target = Path(path)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if target.exists():
            mode = target.stat().st_mode & 0o777
        else:
            umask = os.umask(0)
            os.umask(umask)
            mode = 0o666 & ~umask
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
