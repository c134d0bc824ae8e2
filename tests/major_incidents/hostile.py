"""Titles, names and notes that somebody wrote to do harm, and what reads Markdown without the code under test."""

from __future__ import annotations

HOSTILE = {
    "script": '<script>alert(1)</script><img src=x onerror="alert(2)">',
    "attribute": "\" onmouseover='x' autofocus=\"",
    "everybody": "<!channel> <!here> <@U012AB3CD> <#C024BE7LR> <!subteam^SAZ94GDB8>",
    "link": "<https://evil.example|Click here> [Click](javascript:alert(1)) ![x](https://evil.example/p.png)",
    "entities": "&lt;script&gt; &amp; R&D &#60;b&#62;",
    "table": "a | b |\n|---|---|\n| c",
    "heading": "# Big\n## Bigger\n===\n---\n> quoted\n- item\n1. one\n+ more",
    "code": "```\nrm -rf /\n``` `x` ~~~ $E=mc^2$ {ref}`x` :::note",
    "stars": "*bold* **bolder** _it_ ~gone~ ***",
    "controls": "a\x00b\x07c\x1b[31mred\x1b[0m\x7f\x85\x9b d\u2028e\u2029f\rg",
    "turned": "invoice\u202efdp.exe \u2066x\u2069 \u200f",
    "surrogate": "half \ud83d of a pair",
    "teams": "<at>Everyone</at> {{DATE(2017-02-14T06:00:00Z)}} ${title}",
    "astral": "\U0001f525" * 5_000,
    "blank": " \t\n\u2028 ",
    "empty": "",
    "long word": "x" * 1_000_000,
    "long markup": "<&>" * 333_334,
    "long lines": "a\n" * 500_000,
}
