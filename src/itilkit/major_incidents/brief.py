"""A short text with a heading and a few facts, as Markdown, as Slack blocks and as a card for Teams.

Limits are those that the two tools document, or less where senders met lower ones: in Slack 150 characters for a
header, 3,000 for the text of a section, 2,000 for a field, ten fields a section, 50 blocks
(docs.slack.dev, Block Kit reference) and about 13,000 characters for all of them together (slackapi/bolt-js issue
2509); in Teams 28 KB for a message (Microsoft, Create Incoming Webhooks), of which senders could use 21 KB
(msteams_hermes). Texts of others are plain text in both: Slack's ``plain_text``, and the runs of a ``RichTextBlock``,
which know no Markdown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import attrs

from itilkit.major_incidents.plain_text import clean, cut_json, markdown_lines, markdown_text, slack_text

__all__ = ["Brief", "Card"]

# Any, because a message is whatever its tool takes as JSON.
Card: TypeAlias = dict[str, Any]

_HEADING = 150
_NAME, _VALUE = 60, 400
_BODY = 3_000
_MOST_FACTS = 12
_PAIRS_A_SECTION = 5
# Bytes of a card for Teams.
_CARD_HEADING, _CARD_BODY, _CARD_VALUE = 600, 8_000, 500
_CARD_LINES = 30


def _facts(facts: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in facts)


@attrs.frozen
class Brief:
    r"""A heading, a text, and facts by name.

    Attributes:
        heading: What it is about.
        text: What is said, in lines and paragraphs; may be empty.
        facts: Name and value of what belongs beside it; twelve at most are told.
        footer: A last line, such as when the next message comes.

    >>> print(Brief("INC1: Disk <full>", "We are on it.", facts=[("Status", "in progress")]).to_markdown())
    **INC1: Disk \<full\>**
    <BLANKLINE>
    We are on it.
    <BLANKLINE>
    - Status: in progress
    """

    heading: str
    text: str = ""
    facts: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_facts, kw_only=True)
    footer: str = attrs.field(default="", kw_only=True)

    def __str__(self) -> str:
        told = [
            f"{clean(name, most=_NAME)}: {clean(value, most=_VALUE)}"
            for name, value in self.facts[:_MOST_FACTS]
        ]
        parts = [
            clean(self.heading, most=_HEADING),
            clean(self.text, most=_BODY, lines=True),
            "\n".join(told),
            clean(self.footer, most=_VALUE),
        ]
        return "\n\n".join(part for part in parts if part)

    def to_markdown(self) -> str:
        """The brief as Markdown, without a line break at its end; no text in it can break out of its place."""
        facts = "\n".join(
            f"- {markdown_text(name, most=_NAME)}: {markdown_text(value, most=_VALUE)}"
            for name, value in self.facts[:_MOST_FACTS]
        )
        heading = markdown_text(self.heading, most=_HEADING)
        parts = [
            f"**{heading}**" if heading else "",
            markdown_lines(self.text, most=_BODY),
            facts,
            markdown_text(self.footer, most=_VALUE),
        ]
        return "\n\n".join(part for part in parts if part)

    def to_slack(self) -> Card:
        """The brief as the body of Slack's ``chat.postMessage`` or of an incoming webhook: ``text`` and ``blocks``.

        >>> Brief("INC1: <!channel>").to_slack()["blocks"]
        [{'type': 'header', 'text': {'type': 'plain_text', 'text': 'INC1: &lt;!channel&gt;', 'emoji': False}}]
        """
        return {"text": slack_text(self.heading, _HEADING), "blocks": list(self._blocks())}

    def _blocks(self) -> Iterator[Card]:
        yield {"type": "header", "text": _slack_plain(self.heading, _HEADING)}
        if clean(self.text):
            yield {"type": "section", "text": _slack_plain(self.text, _BODY, lines=True)}
        facts = self.facts[:_MOST_FACTS]
        for place in range(0, len(facts), _PAIRS_A_SECTION):
            fields: list[Card] = []
            for name, value in facts[place : place + _PAIRS_A_SECTION]:
                fields += [_slack_plain(name, _NAME), _slack_plain(value, _VALUE)]
            yield {"type": "section", "fields": fields}
        if clean(self.footer):
            yield {"type": "context", "elements": [_slack_plain(self.footer, _VALUE)]}

    def to_teams(self) -> Card:
        """The brief as the body of a message with an Adaptive Card, for an incoming webhook or a bot of Teams.

        >>> card = Brief("INC1: **Disk**").to_teams()["attachments"][0]["content"]
        >>> card["type"], card["body"][0]["inlines"][0]["text"]
        ('AdaptiveCard', 'INC1: **Disk**')
        """
        content = {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            "body": list(self._rows()),
        }
        card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
        return {"type": "message", "attachments": [card]}

    def _rows(self) -> Iterator[Card]:
        heading = cut_json(clean(self.heading), _CARD_HEADING)
        yield _row(_run(heading, size="Large", weight="Bolder"))
        lines = [line for line in cut_json(clean(self.text, lines=True), _CARD_BODY).split("\n") if line]
        for line in (*lines[: _CARD_LINES - 1], " ".join(lines[_CARD_LINES - 1 :])):
            if line:
                yield _row(_run(line))
        for name, value in self.facts[:_MOST_FACTS]:
            told = cut_json(clean(value), _CARD_VALUE)
            yield _row(
                _run(f"{cut_json(clean(name), _NAME)}: ", weight="Bolder"), _run(told), spacing="Small"
            )
        if clean(self.footer):
            yield _row(_run(cut_json(clean(self.footer), _CARD_VALUE), isSubtle=True))


def _slack_plain(text: str, most: int, *, lines: bool = False) -> Card:
    # Slack refuses a text object without a text.
    return {"type": "plain_text", "text": slack_text(text, most, lines=lines) or "-", "emoji": False}


def _row(*runs: Card, **style: str) -> Card:
    return {"type": "RichTextBlock", "inlines": list(runs), **style}


def _run(text: str, **style: object) -> Card:
    return {"type": "TextRun", "text": text, **style}
