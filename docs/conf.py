"""Sphinx: ``sphinx-build -n -W -b html docs docs/_build/html``."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html import escape
from typing import get_args

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.ext.napoleon import GoogleDocstring
from sphinx.util.docutils import SphinxDirective

import itilkit
from itilkit import lifecycle
from itilkit.events import Event

project = "itilkit"
author = "the itilkit authors"
copyright = "the itilkit authors"
version = release = itilkit.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
default_role = "code"  # `name` in a docstring is code, as it is in Markdown
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"itilkit {release}"
html_copy_source = False

# Types stand in the signature, meaning in the docstring. Attributes are told in the docstring of their class,
# so they are rendered there and not once more each on its own.
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
autodoc_member_order = "groupwise"
autodoc_default_options = {"members": True, "imported-members": True}
autodoc_inherit_docstrings = False
napoleon_numpy_docstring = False
napoleon_use_ivar = True

# The standard library and the dependencies have their own documentation, on other sites; the build reads no
# network, so names that start with one of these modules are shown and not linked.
elsewhere = sorted({*sys.stdlib_module_names, "attr", "attrs", "cattrs", "dateutil", "holidays"})
nitpick_ignore_regex = [("py:.*", rf"({'|'.join(map(re.escape, elsewhere))})(\..*)?")]
# Annotations that an heir or a type checker alone can resolve: an alias of the parent's module, jinja2's Template,
# and aliases beside a converter of another module, whose own annotations the class's module does not know.
nitpick_ignore = [
    ("py:class", name)
    for name in (
        "AlertSeverity",
        "AlertStatus",
        "Cohort",
        "Condition",
        "EscalationKind",
        "EscalationTrigger",
        "Template",
        "Environment",
        "ProblemStatus",
        "Restores",
        "Scalar",
        "timedelta",
    )
]
# The same for the options of KPIs, whose classes inherit them from other modules.
nitpick_ignore += [
    ("py:class", name)
    for name in (
        "Clock",
        "End",
        "Ending",
        "FactName",
        "Hold",
        "Kind",
        "Negative",
        "Opening",
        "PlainClock",
        "ResponseBase",
        "Side",
        "Standing",
        "Track",
        "Log",
    )
]


class _Sentences(GoogleDocstring):
    """Google docstrings without types: what stands before a colon is no type, it is part of a sentence."""

    def _consume_inline_attribute(self) -> tuple[str, list[str]]:
        return "", GoogleDocstring(self._dedent(self._consume_to_end()), self._config).lines()

    def _consume_returns_section(self, preprocess_types: bool = False) -> list[tuple[str, str, list[str]]]:  # noqa: ARG002, FBT001, FBT002
        lines = self._dedent(self._consume_to_next_section())
        return [("", "", GoogleDocstring(lines, self._config).lines())] if lines else []


GoogleDocstring._consume_inline_attribute = _Sentences._consume_inline_attribute  # noqa: SLF001
GoogleDocstring._consume_returns_section = _Sentences._consume_returns_section  # noqa: SLF001

# Annotations are shown evaluated; the union of all events is called by its name instead.
_EVENTS = [f"{event.__module__}.{event.__qualname__}" for event in get_args(Event)]
_SPELLED_OUT = [" | ".join(mark + name for name in _EVENTS) for mark in ("~", "")]


def _named(text: str | None) -> str | None:
    for union in _SPELLED_OUT:
        text = text and text.replace(union, "~itilkit.events.Event")
    return text


def _name_in_signature(
    _app: Sphinx,
    _what: str,
    _name: str,
    _obj: object,
    _options: object,
    signature: str | None,
    returns: str | None,
) -> tuple[str | None, str | None]:
    return _named(signature), _named(returns)


def _name_in_docstring(
    _app: Sphinx, _what: str, _name: str, _obj: object, _options: object, lines: list[str]
) -> None:
    lines[:] = [_named(line) or "" for line in lines]


def _inner_name(
    _app: Sphinx, _env: BuildEnvironment, node: pending_xref, shown: nodes.Element
) -> nodes.Element | None:
    """A name that exists and that no room offers is shown without a link; anything else has to resolve."""
    *path, name = str(node.get("reftarget", "")).split(".")
    home = sys.modules.get(".".join(path))
    if path[:1] != ["itilkit"] or not hasattr(home, name):
        return None
    room = sys.modules[".".join(path[:3] if path[1:2] == ["adapters"] else path[:2])]
    return None if name in room.__all__ else shown


# What Graphviz writes for black takes the colour of the page, so that a drawing suits light and dark.
_DOT = ("-Tsvg", "-Gbgcolor=transparent", "-Nfontname=Helvetica", "-Efontname=Helvetica", "-Efontsize=11")


class _Drawn(SphinxDirective):
    """The drawing of a shipped lifecycle, made from its table: ``{lifecycle} ZENDESK``.

    Graphviz draws it where its program ``dot`` is on the path. Elsewhere the page shows the table that a notebook
    shows, and says why, so that the documentation builds on any machine. With the option ``:table:`` the table is
    shown everywhere, for a lifecycle with more arrows than an eye can follow.
    """

    required_arguments = 1
    option_spec = {"table": directives.flag}  # noqa: RUF012  docutils' own way to declare it

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        shown = getattr(lifecycle, name, None)
        if not isinstance(shown, lifecycle.Lifecycle):
            message = f"itilkit.lifecycle has no lifecycle {name!r}"
            raise self.error(message)
        program = shutil.which("dot")
        if "table" in self.options:
            page = shown._repr_html_()
        elif program is None:
            note = "Shown as a table: these pages were built on a machine without Graphviz."
            page = f"{shown._repr_html_()}<figcaption>{note}</figcaption>"
        else:
            page = f"{self.drawing(shown, program)}<figcaption>{escape(shown.name)}</figcaption>"
        return [nodes.raw("", f'<figure style="overflow-x:auto">{page}</figure>', format="html")]

    @staticmethod
    def drawing(shown: lifecycle.Lifecycle, program: str) -> str:
        """Graphviz's drawing as a part of the page: without ids, no wider than the text, in the page's colours."""
        done = subprocess.run(  # noqa: S603  the program that was found, on text of ours
            [program, *_DOT], input=shown.to_dot(), capture_output=True, text=True, check=True, timeout=60
        )
        drawing = done.stdout[done.stdout.index("<svg") :]
        drawing = re.sub(r"<!--.*?-->|<title>.*?</title>|(?<=<g) id=\"\w+\"", "", drawing, flags=re.DOTALL)
        drawing = re.sub(r'(fill|stroke)="black"', r'\1="currentColor"', drawing)
        label = f'role="img" aria-label="{escape(shown.name)}" fill="currentColor"'
        return drawing.replace("<svg ", f'<svg {label} style="max-width:100%;height:auto" ', 1)


def setup(app: Sphinx) -> None:
    """Called by Sphinx; docstrings are seen after napoleon has read them."""
    app.add_directive("lifecycle", _Drawn)
    app.connect("missing-reference", _inner_name)
    app.connect("autodoc-process-signature", _name_in_signature)
    app.connect("autodoc-process-docstring", _name_in_docstring, priority=900)
