"""Cited data: tables of TOML in which every part says what it rests on.

Rule sets, checks and frameworks are such files. Each table has ``cites``
(``document#article``) or an ``assumption``; ``data/sources.toml`` holds each
document once. A `Table` is read once and keeps every fault with its path.

>>> dict(shipped_table("checks.toml"))["CP106"].grounds().cites[0].text("zh_CN")
'财预〔2020〕10号第11条'
"""

from __future__ import annotations

from perfeval.cited.files import (
    Shelf,
    data_folder,
    parse_toml,
    read_file,
    read_toml,
    shipped_sources,
    shipped_table,
    why_not,
)
from perfeval.cited.sources import Citation, Grounds, Source, cites_text, grounds_in
from perfeval.cited.tables import (
    NO_WORDS,
    Table,
    a_bool,
    a_date,
    a_list,
    a_number,
    a_string,
    a_whole_number,
    member_of,
    members_of,
    points_of,
    share_of,
    shown,
    words_of,
)

__all__ = [
    "NO_WORDS",
    "Citation",
    "Grounds",
    "Shelf",
    "Source",
    "Table",
    "a_bool",
    "a_date",
    "a_list",
    "a_number",
    "a_string",
    "a_whole_number",
    "cites_text",
    "data_folder",
    "grounds_in",
    "member_of",
    "members_of",
    "parse_toml",
    "points_of",
    "read_file",
    "read_toml",
    "share_of",
    "shipped_sources",
    "shipped_table",
    "shown",
    "why_not",
    "words_of",
]
