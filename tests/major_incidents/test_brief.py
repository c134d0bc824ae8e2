"""A short text for Markdown, Slack and Teams: its form, its limits, and texts that somebody wrote to do harm."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from itilkit.major_incidents import Brief
from itilkit.major_incidents.plain_text import clean

from .hostile import HOSTILE
from .markdown import count, elements
from .test_plain_text import acts, rendered

BRIEF = Brief(
    "INC200: 8 of 16 nodes <unreachable>",
    "Half of the orders fail.\nWe are on it.\n\nPlease wait.",
    facts=[("Status", "in progress"), ("Service", "orders & more")],
    footer="Next update by 03:00.",
)


def test_the_text_of_a_brief() -> None:
    """Heading, text, facts and footer, an empty line between them; what is empty is left out."""
    assert str(BRIEF) == (
        "INC200: 8 of 16 nodes <unreachable>\n\nHalf of the orders fail.\nWe are on it.\n\nPlease wait.\n\n"
        "Status: in progress\nService: orders & more\n\nNext update by 03:00."
    )
    assert str(Brief("INC1")) == Brief("INC1", " \n").to_markdown().strip("*") == "INC1"


def test_the_markdown_of_a_brief() -> None:
    """The heading in bold, the facts as a list; nothing means anything but what the brief says."""
    assert BRIEF.to_markdown() == (
        "**INC200: 8 of 16 nodes \\<unreachable\\>**\n\nHalf of the orders fail.\\\nWe are on it.\n\nPlease wait.\n\n"
        "- Status: in progress\n- Service: orders \\& more\n\nNext update by 03:00."
    )


def test_the_blocks_of_a_brief() -> None:
    """A header, a section, the facts side by side, and a context: all of it plain text, and a text beside them."""

    def plain(text: str) -> dict[str, object]:
        return {"type": "plain_text", "text": text, "emoji": False}

    assert BRIEF.to_slack() == {
        "text": "INC200: 8 of 16 nodes &lt;unreachable&gt;",
        "blocks": [
            {"type": "header", "text": plain("INC200: 8 of 16 nodes &lt;unreachable&gt;")},
            {"type": "section", "text": plain("Half of the orders fail.\nWe are on it.\n\nPlease wait.")},
            {
                "type": "section",
                "fields": [
                    plain("Status"), plain("in progress"), plain("Service"), plain("orders &amp; more"),
                ],
            },
            {"type": "context", "elements": [plain("Next update by 03:00.")]},
        ],
    }  # fmt: skip


def test_the_card_of_a_brief() -> None:
    """An Adaptive Card whose rows are runs of text, which know no Markdown: one row a line and one a fact."""
    message = BRIEF.to_teams()
    assert message["type"] == "message"
    [attachment] = message["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert [[run["text"] for run in row["inlines"]] for row in card["body"]] == [
        ["INC200: 8 of 16 nodes <unreachable>"],
        ["Half of the orders fail."],
        ["We are on it."],
        ["Please wait."],
        ["Status: ", "in progress"],
        ["Service: ", "orders & more"],
        ["Next update by 03:00."],
    ]
    assert {row["type"] for row in card["body"]} == {"RichTextBlock"}


def test_an_empty_text_is_no_empty_block() -> None:
    """Slack refuses a text object without a text; what would be empty is left out or a dash."""
    told = Brief("", facts=[("", "")]).to_slack()
    assert [block["type"] for block in told["blocks"]] == ["header", "section"]
    assert [field["text"] for field in told["blocks"][1]["fields"]] == ["-", "-"]


def test_twelve_facts_are_told() -> None:
    """In Slack a section holds five pairs."""
    brief = Brief("INC1", facts=[(f"Fact {n}", "x") for n in range(14)])
    assert [len(block["fields"]) for block in brief.to_slack()["blocks"][1:]] == [10, 10, 4]
    assert brief.to_markdown().count("\n- ") == str(brief).count("Fact") == 12
    assert len(brief.to_teams()["attachments"][0]["content"]["body"]) == 13


def test_a_long_text_keeps_its_lines_on_a_card() -> None:
    """Thirty rows; what would come below them stands in the last one, each line once."""
    lines = [f"Line {number}" for number in range(40)]
    card = Brief("INC1", "\n".join(lines)).to_teams()["attachments"][0]["content"]
    told = [row["inlines"][0]["text"] for row in card["body"][1:]]
    assert (told[:29], len(told)) == (lines[:29], 30)
    assert told[29] == " ".join(lines[29:])


def test_a_heading_is_one_line() -> None:
    """Also where somebody wrote a title in two; the footer is less loud than the rest."""
    brief = Brief("a\nb", "c\nd", footer="e\nf")
    header, section, context = brief.to_slack()["blocks"]
    assert (header["text"]["text"], section["text"]["text"]) == ("a b", "c\nd")
    assert context["elements"][0]["text"] == "e f"
    last = brief.to_teams()["attachments"][0]["content"]["body"][-1]["inlines"]
    assert last == [{"type": "TextRun", "text": "e f", "isSubtle": True}]


def texts(value: Any) -> list[dict[str, Any]]:
    """Every text object or run in a message."""
    if isinstance(value, list):
        return [found for each in value for found in texts(each)]
    if not isinstance(value, dict):
        return []
    own = [value] if isinstance(value.get("text"), str) and "type" in value else []
    return own + [found for each in value.values() for found in texts(each)]


def vile(name: str) -> Brief:
    """A brief of which every part is hostile."""
    text = HOSTILE[name]
    return Brief(text, text, facts=[(text, text)] * 14, footer=text)


@pytest.mark.parametrize("name", HOSTILE)
def test_slack_is_harmless_and_within_its_limits(name: str) -> None:
    """Nobody is called and nothing is a link: the three signs are entities in plain text, and nothing is too long."""
    message = vile(name).to_slack()
    found = texts(message["blocks"])
    assert {each["type"] for each in found} == {"plain_text"}
    for each in (*found, message):
        assert not set("<>") & set(each["text"])
        assert not re.search(r"&(?!(amp|lt|gt);)", each["text"])
        assert not [sign for sign in each["text"] if acts(sign) and sign != "\n"]
    assert all(1 <= len(each["text"]) <= 3_000 for each in found)
    assert len(message["blocks"]) <= 50
    assert len(message["blocks"][0]["text"]["text"]) <= 150
    for block in message["blocks"]:
        fields = block.get("fields", [])
        assert len(fields) <= 10
        assert all(len(field["text"]) <= 2_000 for field in fields)
    assert sum(len(each["text"]) for each in found) <= 12_000
    assert json.loads(json.dumps(message)) == message


@pytest.mark.parametrize("name", HOSTILE)
def test_teams_is_harmless_and_within_its_limits(name: str) -> None:
    """Runs of text know no Markdown and no mention; the message fits even where every sign is written out in ASCII."""
    message = vile(name).to_teams()
    card = message["attachments"][0]["content"]
    assert {row["type"] for row in card["body"]} == {"RichTextBlock"}
    runs = [run for row in card["body"] for run in row["inlines"]]
    assert {run["type"] for run in runs} == {"TextRun"}
    assert not [sign for run in runs for sign in run["text"] if acts(sign)]
    assert "entities" not in json.dumps(message)
    assert len(json.dumps(message)) <= 21_000


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_is_harmless_and_bounded(name: str) -> None:
    """Bold heading, list and footer are the brief's own; a reader who takes the escapes back finds the texts."""
    told = vile(name).to_markdown()
    assert len(told) <= 25_000
    plain = clean(HOSTILE[name])
    heading = told.split("\n")[0] if plain else "****"
    assert heading.startswith("**")
    assert heading.endswith("**")
    shown = rendered(heading[2:-2])
    assert shown == plain or plain.startswith(shown[:-1])
    for line in told.split("\n"):
        if line.startswith("- "):
            assert not re.search(r"(?<!\\)(?:\\\\)*[<>\[\]|`*_]", line)
    own = {"paragraph", "inline", "text", "text_special", "strong", "hardbreak", "bullet_list", "list_item"}
    assert elements(told) <= own
    assert [count(told, kind) for kind in ("strong", "bullet_list", "list_item")] == [bool(plain), 1, 12]


@pytest.mark.parametrize("name", HOSTILE)
def test_the_plain_text_has_nothing_that_acts(name: str) -> None:
    """In a terminal, too, no sign moves the cursor or turns the text around."""
    assert not [sign for sign in str(vile(name)) if acts(sign) and sign != "\n"]
