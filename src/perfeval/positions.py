r"""Where the parts of a document stand in its text: the line of each path.

The text is one that has been read already: what is not TOML or JSON has no
parts, and its lines mean nothing.

>>> lines_of("name = '甲'\n[[indicators]]\nname = '乙'\nweight = 5\n")["indicators[0].weight"]
4
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["line_of", "lines_of"]


def line_of(path: str, lines: Mapping[str, int]) -> int | None:
    """Return the line of a path, or of the nearest part around it; `None` if none is known.

    >>> line_of("stated.total", {"name": 1, "stated": 7})
    7
    """
    while path and path not in lines:
        cut = max(path.rfind("."), path.rfind("["))
        path = path[:cut] if cut > 0 else ""
    return lines.get(path)


def lines_of(text: str) -> dict[str, int]:
    """Return the line of each part of a document of TOML or JSON, from 1 on, by its path."""
    scanner = _Scanner(text)
    try:
        if text.lstrip("\ufeff \t\r\n").startswith("{"):
            scanner.value("")
        else:
            scanner.document()
    except (IndexError, RecursionError):
        # It ends within a value: what was found stands.
        pass
    return scanner.found


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text.removeprefix("\ufeff")
        self.at = 0
        self.line = 1
        self.found: dict[str, int] = {}

    def document(self) -> None:
        """Tables and keys, from the top down."""
        counts: dict[str, int] = {}
        table = ""
        while self.blank():
            if self.text[self.at] == "[":
                several = self.text.startswith("[[", self.at)
                self.step(2 if several else 1)
                table = ""
                keys = self.keys()
                for place, key in enumerate(keys):
                    table = f"{table}.{key}".strip(".")
                    self.found.setdefault(table, self.line)
                    if several and place == len(keys) - 1:
                        counts[table] = counts.get(table, -1) + 1
                    if table in counts:
                        # What is below belongs to the last of them.
                        table = f"{table}[{counts[table]}]"
                self.found.setdefault(table, self.line)
                self.step(2 if several else 1)
            else:
                self.pair(table)

    def pair(self, table: str) -> None:
        start = self.line
        path = table
        for key in self.keys():
            path = f"{path}.{key}".strip(".")
            self.found.setdefault(path, start)
        self.step(1)
        self.value(path)

    def keys(self) -> list[str]:
        """The parts of a key, up to the sign behind it."""
        parts = [""]
        while True:
            self.blank()
            sign = self.text[self.at]
            if sign in "=:]":
                return parts
            if sign in "\"'":
                start = self.at + 1
                self.string()
                parts[-1] = self.text[start : self.at - 1]
            elif sign == ".":
                parts.append("")
                self.step(1)
            else:
                parts[-1] += sign
                self.step(1)

    def value(self, path: str) -> None:
        self.blank()
        sign = self.text[self.at]
        if sign == "[":
            self.several(path)
        elif sign == "{":
            self.step(1)
            while self.blank(",") and self.text[self.at] != "}":
                self.pair(path)
            self.step(1)
        elif sign in "\"'":
            self.string()
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}\n#":
                self.step(1)

    def several(self, path: str) -> None:
        self.step(1)
        place = 0
        while self.blank(",") and self.text[self.at] != "]":
            self.found.setdefault(f"{path}[{place}]", self.line)
            self.value(f"{path}[{place}]")
            place += 1
        self.step(1)

    def string(self) -> None:
        sign = self.text[self.at]
        mark = sign * 3 if self.text.startswith(sign * 3, self.at) else sign
        self.step(len(mark))
        while not self.text.startswith(mark, self.at):
            self.step(2 if sign == '"' and self.text[self.at] == "\\" else 1)
        self.step(len(mark))

    def blank(self, also: str = "") -> bool:
        """Go on to what is no space and no remark; whether there is anything."""
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign == "#":
                while self.at < len(self.text) and self.text[self.at] != "\n":
                    self.step(1)
            elif sign.isspace() or sign in also:
                self.step(1)
            else:
                return True
        return False

    def step(self, signs: int) -> None:
        if self.at >= len(self.text):
            raise IndexError
        self.line += self.text.count("\n", self.at, self.at + signs)
        self.at += signs
