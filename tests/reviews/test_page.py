"""Headings, paragraphs, lists and tables, as Markdown and as a page."""

from __future__ import annotations

from itilkit.reviews.page import Facts, Items, Page, Paragraph, Section, Share, Shares, Table

PAGE = Page(
    "A <title>",
    [
        Section("", [Facts([("Service", "R&D"), ("Team", "")])]),
        Section("Nothing", []),
        Section(
            "Some <b>",
            [
                Paragraph("one\ntwo\n\nthree"),
                Items(["<i>", "b"]),
                Table(("Who & what", "When"), [("a|b", ""), ("c", "d")]),
                Shares("All", [Share("long one", "3m", 3), Share("b", "1m", 1)]),
            ],
        ),
    ],
)


def test_a_page_as_markdown() -> None:
    """A section without blocks is left out, and so is what is only drawn."""
    assert PAGE.to_markdown() == (
        "# A \\<title\\>\n\n| Service | R\\&D |\n| --- | --- |\n| Team |  |\n\n"
        "## Some \\<b\\>\n\none\\\ntwo\n\nthree\n\n"
        "- \\<i\\>\n- b\n\n| Who \\& what | When |\n| --- | --- |\n| a\\|b |  |\n| c | d |\n"
    )


def test_a_page_as_html() -> None:
    """Complete, with its own style, and with the name of its column in each cell."""
    page = PAGE.to_html()
    head, body = page.split("</head>\n")
    assert head.startswith(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>A &lt;title&gt;</title>\n<style>"
    )
    assert body == (
        "<body>\n<main>\n<h1>A &lt;title&gt;</h1>\n"
        "<section><dl><dt>Service</dt><dd>R&amp;D</dd><dt>Team</dt><dd></dd></dl></section>\n"
        "<section><h2>Some &lt;b&gt;</h2><p>one<br>two</p><p>three</p><ul><li>&lt;i&gt;</li><li>b</li></ul>"
        '<table><thead><tr><th scope="col">Who &amp; what</th><th scope="col">When</th></tr></thead><tbody>'
        '<tr><td data-name="Who &amp; what">a|b</td><td data-name="When"></td></tr>'
        '<tr><td data-name="Who &amp; what">c</td><td data-name="When">d</td></tr></tbody></table>'
        '<svg role="img" width="100%" height="34"><title>All</title>'
        '<svg x="0.000%" width="75.000%" height="34"><g><title>long one: 3m</title>'
        '<rect width="100%" height="34"/><text x="6" y="22">long one</text></g></svg>'
        '<svg x="75.000%" width="25.000%" height="34"><g><title>b: 1m</title>'
        '<rect width="100%" height="34"/><text x="6" y="22">b</text></g></svg></svg></section>\n'
        "</main>\n</body>\n</html>\n"
    )


def test_a_name_that_does_not_fit_is_left_to_the_pointer() -> None:
    """On a phone a twentieth of the bar holds no word; of parts without length nothing is drawn."""
    drawn = Page(
        "T", [Section("S", [Shares("All", [Share("restore", "1m", 1), Share("b", "19m", 19)])])]
    ).to_html()
    assert "<title>restore: 1m</title>" in drawn
    assert drawn.count("<text") == 1
    assert "<svg" not in Page("T", [Section("S", [Shares("All", [Share("a", "0m", 0)])])]).to_html()
