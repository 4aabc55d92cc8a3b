"""Opening a file that may be hostile: its kind by its content, its parts within limits.

Nothing is executed and nothing is fetched. Every part of a package (xlsx,
docx) is read up to a limit on its unpacked size and its ratio; a document
type declaration is refused, so that there are no entities.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from perfeval.errors import Fault, FormError, MissingExtraError

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

__all__ = ["READABLE", "Package", "contents_of", "kind_of", "needs", "parsed_xml"]

LARGEST_FILE = 32 * 1024 * 1024
LARGEST_PART = 16 * 1024 * 1024
LARGEST_TOTAL = 48 * 1024 * 1024
HIGHEST_RATIO = 200
"""The highest ratio of unpacked to packed size, for parts above `SMALL_PART`."""
SMALL_PART = 1024 * 1024
MOST_PARTS = 5000

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_REFUSED = {
    "doc": "save it as .docx in Word or WPS, then read that",
    "wps": "save it as .docx in WPS, then read that",
    "et": "save it as .xlsx in WPS, then read that",
    "ett": "save it as .xlsx in WPS, then read that",
    "wpt": "save it as .docx in WPS, then read that",
    "rtf": "save it as .docx in Word or WPS, then read that",
    "ods": "save it as .xlsx, then read that",
    "odt": "save it as .docx, then read that",
    "xlsb": "save it as .xlsx in Excel, then read that",
    "csv": "it has no cells to read a form from; read the workbook or the document that it was made of",
}
_SUFFIXES = {
    "xlsx": ("xlsx", "xlsm", "xltx", "xltm"),
    "docx": ("docx", "docm", "dotx", "dotm"),
    "xls": ("xls", "xlt"),
}
READABLE: frozenset[str] = frozenset(suffix for suffixes in _SUFFIXES.values() for suffix in suffixes)
"""The suffixes of files that can be read."""


def contents_of(source: str | os.PathLike[str] | bytes) -> tuple[bytes, str]:
    """Return a file's bytes and its name; bytes have none.

    Raises:
        FormError: If it is larger than a form can be, or of a kind that is not read.
        OSError: If it cannot be read.
    """
    if isinstance(source, bytes | bytearray | memoryview):
        data, name = bytes(source), ""
    else:
        name = os.fspath(source)
        refused = _REFUSED.get(_suffix(name))
        if refused is not None:
            raise FormError(name, [Fault("", f"a .{_suffix(name)} file cannot be read: {refused}")])
        with Path(name).open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise FormError(name or "form", [Fault("", f"expected at most {LARGEST_FILE} bytes")])
    return data, name


def _suffix(name: str) -> str:
    return Path(name).suffix.lower().lstrip(".")


def kind_of(data: bytes, name: str) -> str:
    """Return "xlsx", "docx" or "xls", by the content; the suffix must agree.

    Raises:
        FormError: If it is none of them, is locked by a password, or has
            another kind's suffix.
    """
    where = name or "form"
    kind = _sniffed(data, where)
    suffix = _suffix(name)
    if suffix and suffix not in _SUFFIXES[kind]:
        raise FormError(
            where, [Fault("", f"expected a .{suffix} file, but its content is {kind}: rename it to .{kind}")]
        )
    return kind


def _sniffed(data: bytes, where: str) -> str:
    if data[:8] == _OLE:
        if _named(data, "EncryptedPackage"):
            raise FormError(where, [Fault("", "it is locked by a password: save it without one, then read that")])
        if _named(data, "WordDocument"):
            raise FormError(where, [Fault("", f"a .doc file cannot be read: {_REFUSED['doc']}")])
        if _named(data, "Workbook") or _named(data, "Book"):
            return "xls"
    elif data[:4] == b"PK\x03\x04":
        # The names of the parts stand in the central directory, at the end.
        if b"xl/workbook.xml" in data:
            return "xlsx"
        if b"word/document.xml" in data:
            return "docx"
        if b"xl/workbook.bin" in data:
            raise FormError(where, [Fault("", f"a .xlsb file cannot be read: {_REFUSED['xlsb']}")])
    found = "an empty file" if not data else f"a file that begins with {data[:8]!r}"
    raise FormError(
        where, [Fault("", f"expected an Excel workbook (xlsx, xls) or a Word document (docx), got {found}")]
    )


def _named(data: bytes, name: str) -> bool:
    return name.encode("utf-16-le") in data


class Package:
    """The parts of an xlsx or docx file, each read within the limits."""

    def __init__(self, data: bytes, where: str) -> None:
        self.where = where
        self._read = 0
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            self._parts = {info.filename.lower(): info for info in self._zip.infolist()}
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
            raise self.fault("", f"it is damaged or cut off: {error}") from None
        if len(self._parts) > MOST_PARTS:
            raise self.fault("", f"expected at most {MOST_PARTS} parts, got {len(self._parts)}")

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._parts

    def names(self) -> list[str]:
        """Return the names of the parts, in lower case."""
        return list(self._parts)

    def fault(self, place: str, problem: str) -> FormError:
        """Return the error that says what is wrong with a part."""
        return FormError(self.where, [Fault(place, problem)])

    def read(self, part: str) -> bytes:
        """Return the bytes of a part.

        Raises:
            FormError: If it is missing, damaged, or larger than a form's can be.
        """
        info = self._parts.get(part.lower())
        if info is None:
            raise self.fault(part, "missing: the file is damaged")
        if info.flag_bits & 1:
            raise self.fault("", "it is locked by a password: save it without one, then read that")
        limit = min(LARGEST_PART, LARGEST_TOTAL - self._read)
        if info.compress_size * HIGHEST_RATIO < limit:
            limit = max(info.compress_size * HIGHEST_RATIO, min(limit, SMALL_PART))
        if info.file_size > limit:
            raise self.fault(part, f"expected at most {limit} bytes unpacked, got {info.file_size}")
        try:
            with self._zip.open(info) as file:
                data = file.read(limit + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            ValueError,
            NotImplementedError,
            OSError,
            EOFError,
            RuntimeError,
        ) as error:
            raise self.fault(part, f"it is damaged or cut off: {error}") from None
        if len(data) > limit:
            raise self.fault(part, f"expected at most {limit} bytes unpacked, got more")
        self._read += len(data)
        return data

    def tree(self, part: str) -> _Element:
        """Return the XML of a part.

        Raises:
            FormError: As `read`, and if it is no XML or declares a document type.
        """
        return self.parsed(self.read(part), part)

    def parsed(self, data: bytes, part: str) -> _Element:
        """Return the XML of a part that was read."""
        try:
            return parsed_xml(data)
        except ValueError as error:
            raise self.fault(part, str(error)) from None


def parsed_xml(data: bytes) -> _Element:
    """Return the root of an XML text without document type and entities.

    Raises:
        ValueError: If it is no such text; the message says why.
    """
    from lxml import etree

    if data[:2] in {b"\xfe\xff", b"\xff\xfe"} or b"\0" in data[:64]:
        raise ValueError("expected XML in UTF-8")
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
        raise ValueError("expected no document type declaration and no entities")
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        raise ValueError(f"expected XML: {error.msg}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("expected no document type declaration and no entities")
    return root


@cache
def _parser() -> XMLParser:
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )


def needs(library: str) -> MissingExtraError:
    """Return the error that names the extra to install."""
    return MissingExtraError(f"reading and writing forms needs {library}: pip install 'perfeval[forms]'")
