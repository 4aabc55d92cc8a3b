"""Tables read back out of a page in each of its carriers, by readers that are not ours."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from perfeval.pages import display_width

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


class _Tables(HTMLParser):
    def __init__(self, fragment):
        super().__init__(convert_charrefs=True)
        self.tables, self.text, self._cell = [], "", None
        self.feed(fragment)

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.tables.append({})
            self._row = -1
        elif tag == "tr":
            self._row += 1
        elif tag in {"td", "th"}:
            spans = dict(attrs)
            wide, high = int(spans.get("colspan", 1)), int(spans.get("rowspan", 1))
            grid = self.tables[-1]
            column = 0
            while (self._row, column) in grid:
                column += 1
            self._cell = (self._row, column)
            for row in range(high):
                for beside in range(wide):
                    grid[self._row + row, column + beside] = ""

    def handle_endtag(self, tag):
        if tag in {"td", "th"}:
            self._cell = None

    def handle_data(self, data):
        self.text += data + " "
        if self._cell is not None:
            self.tables[-1][self._cell] += data


def html_tables(fragment):
    """Each table as rows of words, what a cell covers besides empty."""
    found = []
    for grid in _Tables(fragment).tables:
        rows, columns = (1 + max(place[axis] for place in grid) for axis in (0, 1))
        found.append([[grid[row, column] for column in range(columns)] for row in range(rows)])
    return found


def html_text(fragment):
    return _Tables(fragment).text


def markdown_tables(shown):
    found = []
    for token in MARKDOWN.parse(shown):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type in {"th_open", "td_open"}:
            found[-1][-1].append(None)
        elif token.type == "inline" and found and found[-1] and found[-1][-1] and found[-1][-1][-1] is None:
            found[-1][-1][-1] = "".join(child.content for child in token.children)
    return found


def markdown_text(shown):
    words = []
    for token in MARKDOWN.parse(shown):
        if token.type == "inline":
            words.append("".join(child.content for child in token.children))
        elif token.type == "html_block":
            words.append(html_text(token.content))
    return " ".join(words)


def text_tables(shown):
    """Each table that has a rule below its heads, cut at the columns of the rule."""
    found, lines = [], shown.split("\n")
    for number, rule in enumerate(lines):
        if re.fullmatch(r"─+(  ─+)*", rule):
            edges, at = [], 0
            for part in rule.split("  "):
                edges.append((at, at + len(part)))
                at += len(part) + 2
            rows = [lines[number - 1]]
            for line in lines[number + 1 :]:
                if not line:
                    break
                rows.append(line)
            found.append([[_cut(row, *edge) for edge in edges] for row in rows])
    return found


def _cut(line, start, end):
    at, words = 0, ""
    for character in line:
        if start <= at < end:
            words += character
        at += display_width(character)
    return words.strip()
