"""On which line does a key of a TOML text stand? The parser of the standard library does not say.

One pass over a text that has been parsed already, so that it is known to be well formed.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping

__all__ = ["depth", "line_of", "lines"]

# Strings and comments: what stands in them is no syntax. A string of three quotes may end in two more of its own.
_QUIET = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?!")|\'\'\'.*?\'\'\'(?!\')|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)
_KEY = re.compile(r'[ \t]*("(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|[A-Za-z0-9_-]+)[ \t]*')
_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BARE = re.compile(r"[^,\]}#\n]*")
_STEP = re.compile(r"(?:\[[^\]]*\]|\.?[^.\[]+|.)$", re.DOTALL)


def depth(text: str) -> int:
    """How deeply brackets nest in the text, strings and comments left out.

    >>> depth('a = [[1], "[[["]  # [[[')
    2
    """
    deepest = level = 0
    for bracket in re.findall(r"[\[\]{}]", _QUIET.sub("", text)):
        level += 1 if bracket in "[{" else -1
        deepest = max(deepest, level)
    return deepest


def line_of(path: str, known: Mapping[str, int]) -> int | None:
    """The line of a path, or of the nearest key above it.

    >>> line_of("a.b[2].c", {"a.b": 3})
    3
    """
    while path:
        if path in known:
            return known[path]
        path = _STEP.sub("", path)
    return None


def lines(text: str) -> Mapping[str, int]:
    r"""The line of every key and list item, by path; names stand in it without quotes.

    >>> lines('a = 1\n[[b]]\nc = [\n  {d = 2},\n]')
    {'a': 1, 'b[0]': 2, 'b[0].c': 3, 'b[0].c[0]': 4, 'b[0].c[0].d': 4}
    """
    return _Scan(text).lines


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.ends = [match.start() for match in re.finditer("\n", text)]
        self.lines: dict[str, int] = {}
        self.counts: dict[str, int] = {}
        prefix = ""
        while self._skip():
            if text.startswith("[", self.at):
                prefix = self._header()
            else:
                self._pair(prefix)

    def _skip(self) -> bool:
        """Past blanks and comments; False at the end of the text."""
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at < len(self.text)

    def _header(self) -> str:
        """``[table]`` or ``[[list.of.tables]]``; each name that is a list means its last item."""
        many = self.text.startswith("[[", self.at)
        line = self._line()
        self.at += 2 if many else 1
        path = ""
        names = self._names()
        for name in names[:-1]:
            path = self._last(self._join(path, name))
        path = self._join(path, names[-1])
        if many:
            self.counts[path] = self.counts.get(path, -1) + 1
            path = self._last(path)
        self.at += 2 if many else 1
        self.lines.setdefault(path, line)
        return path

    def _last(self, path: str) -> str:
        return f"{path}[{self.counts[path]}]" if path in self.counts else path

    def _names(self) -> list[str]:
        names: list[str] = []
        while True:
            match = _KEY.match(self.text, self.at)
            if match is None:
                return names or [""]
            names.append(_name(match[1]))
            self.at = match.end()
            if not self.text.startswith(".", self.at):
                return names
            self.at += 1

    def _pair(self, prefix: str) -> None:
        line = self._line()
        path = prefix
        for name in self._names():
            path = self._join(path, name)
            self.lines.setdefault(path, line)
        self.at += 1  # past the "="
        self._skip()
        self._value(path)

    def _value(self, path: str) -> None:
        quiet = _QUIET.match(self.text, self.at)
        if quiet:
            self.at = quiet.end()
        elif self.text.startswith("[", self.at):
            self._items(path)
        elif self.text.startswith("{", self.at):
            self._inside(path)
        else:
            bare = _BARE.match(self.text, self.at)
            self.at = bare.end() if bare else len(self.text)

    def _items(self, path: str) -> None:
        self.at += 1
        index = 0
        while self._skip() and not self.text.startswith("]", self.at):
            item = f"{path}[{index}]"
            self.lines[item] = self._line()
            self._value(item)
            index += 1
            self._comma()
        self.at += 1

    def _inside(self, path: str) -> None:
        self.at += 1
        while self._skip() and not self.text.startswith("}", self.at):
            self._pair(path)
            self._comma()
        self.at += 1

    def _comma(self) -> None:
        self._skip()
        if self.text.startswith(",", self.at):
            self.at += 1

    def _line(self) -> int:
        return bisect_right(self.ends, self.at - 1) + 1

    def _join(self, path: str, name: str) -> str:
        return f"{path}.{name}" if path else name


def _name(key: str) -> str:
    """The name that a key writes, in quotes or bare."""
    if "\\" in key:
        return next(iter(tomllib.loads(f"{key} = 0")))
    return key[1:-1] if key[0] in "\"'" else key
