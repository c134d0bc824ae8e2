r"""Texts of others in pages and messages: made harmless for the place they go to.

Titles, names and notes come from users and tools. Rules of this file:

* Signs that act instead of being seen (control characters, what turns the direction of text around) are taken out
  first; half of a surrogate pair, which no encoding can hold, becomes a replacement character.
* What means something in Markdown, HTML or a message is escaped there and only there. In Slack the three signs
  ``&``, ``<`` and ``>`` are (docs.slack.dev, Formatting message text), so that nobody is called by ``<!channel>``.
* A text is cut where its place is limited, at a length or at the size that it takes in JSON; what is cut ends in an
  ellipsis.
"""

from __future__ import annotations

import json
import re
from html import escape

__all__ = ["clean", "cut", "cut_json", "html_text", "markdown_lines", "markdown_text", "slack_text"]

_ELLIPSIS = "\u2026"
_SPACE, _REPLACEMENT = " ", "\ufffd"
# Marks, embeddings, overrides and isolates of direction: a text that turns around can look like another one.
_TURNING = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_ONE_LINE: dict[int, str | None] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029), _SPACE),
    **dict.fromkeys(range(0xD800, 0xE000), _REPLACEMENT),
    **dict.fromkeys(_TURNING),
}
_LINES: dict[int, str | None] = {**_ONE_LINE, **dict.fromkeys((0x0A, 0x2028, 0x2029), "\n")}

_MEANT = re.compile(r"[\\`*_\[\]<>|~&${}]")
# What begins a heading, a list, a rule or a block of another kind at the beginning of a line.
_BEGINS = re.compile(r"^(?=[-+#=:])|^(\d{1,9})(?=[.)])")


def clean(text: str, *, most: int | None = None, lines: bool = False) -> str:
    r"""The text without signs that act instead of being seen.

    Args:
        text: Any text.
        most: How many characters are kept; None keeps all.
        lines: Keep line breaks; otherwise all is one line.

    >>> clean("Disk\x1b[31m full\n\u202e now"), clean("one\r\ntwo", lines=True)
    ('Disk [31m full now', 'one\ntwo')
    """
    text = str(text)  # what a tool put where a text belongs
    if lines:
        plain = text.replace("\r\n", "\n").translate(_LINES)
        plain = "\n".join(" ".join(line.split()) for line in plain.split("\n")).strip()
    else:
        plain = " ".join(text.translate(_ONE_LINE).split())
    return plain if most is None else cut(plain, most)


def cut(text: str, most: int) -> str:
    """The text, cut to so many characters.

    >>> cut("Network", 4), cut("Mail", 4)
    ('Net…', 'Mail')
    """
    return text if len(text) <= most else text[: most - 1] + _ELLIPSIS


def cut_json(text: str, most: int) -> str:
    """The text, cut to what fits into so many bytes of JSON in ASCII, the form in which a text takes the most room.

    >>> cut_json("Zürich", 8), cut_json("Zurich", 8)
    ('Z…', 'Zurich')
    """
    size = 0
    kept = 0
    room = most - len(_json(_ELLIPSIS))
    for sign in text:
        size += len(_json(sign))
        if size <= room:
            kept += 1
        if size > most:
            return text[:kept] + _ELLIPSIS
    return text


def _json(text: str) -> str:
    return json.dumps(text)[1:-1]


def markdown_text(text: str, *, most: int | None = None) -> str:
    r"""The text as one line that means nothing to Markdown.

    >>> markdown_text("<b>*Disk* | full")
    '\\<b\\>\\*Disk\\* \\| full'
    """
    meant = _MEANT.sub(r"\\\g<0>", clean(text, most=most))
    return _BEGINS.sub(lambda found: f"{found[1]}\\" if found[1] else "\\", meant)


def markdown_lines(text: str, *, most: int | None = None) -> str:
    r"""The text in its own lines and paragraphs, meaning nothing else to Markdown.

    >>> markdown_lines("# One\ntwo\n\nthree")
    '\\# One\\\ntwo\n\nthree'
    """
    lines = clean(text, most=most, lines=True).split("\n")
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(markdown_text(line))
        else:
            paragraphs.append([])
    return "\n\n".join("\\\n".join(each) for each in paragraphs if each)


def html_text(text: str, *, most: int | None = None) -> str:
    """The text as one line of HTML, in an element or an attribute.

    >>> html_text('<script>"')
    '&lt;script&gt;&quot;'
    """
    return escape(clean(text, most=most))


def slack_text(text: str, most: int, *, lines: bool = False) -> str:
    """The text for a text object of Slack, escaped and within so many characters as they are sent.

    >>> slack_text("<!channel> R&D", 60), slack_text("<<<<", 10)
    ('&lt;!channel&gt; R&amp;D', '&lt;&lt;…')
    """
    plain = clean(text, most=most, lines=lines)
    sizes = [_SLACK_SIZES.get(sign, 1) for sign in plain]
    if sum(sizes) > most:
        kept = 0
        room = most - 1
        while sizes[kept] <= room:
            room -= sizes[kept]
            kept += 1
        plain = plain[:kept] + _ELLIPSIS
    return escape(plain, quote=False)


_SLACK_SIZES = {"&": len("&amp;"), "<": len("&lt;"), ">": len("&gt;")}
