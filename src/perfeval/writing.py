"""Writing a file whole: a failed write leaves the old file."""

from __future__ import annotations

from os import PathLike

__all__ = ["replace_file"]


def replace_file(path: str | PathLike[str], data: bytes) -> None:
    """Write *data* to a file in one step: all of it, or the old file stays.

    The file keeps its permissions; a new one has those of the process.

    What is no plain file (a link, a pipe, a device), and a file that is not
    to be written to, is left alone.

    Raises:
        OSError: If the file cannot be written.
    """
    import errno
    import os
    import stat
    import tempfile
    from pathlib import Path

    target = Path(path)
    if target.is_symlink():
        raise OSError(errno.ELOOP, "it is a link, and only a plain file is replaced", os.fspath(path))
    if target.exists():
        if not stat.S_ISREG(target.stat().st_mode):
            raise OSError(errno.EINVAL, "it is no plain file", os.fspath(path))
        # Replacing asks for the folder's permission only; the file's own is meant.
        if not target.stat().st_mode & 0o222 or not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, "it is read-only", os.fspath(path))
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
