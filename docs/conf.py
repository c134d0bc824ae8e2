"""Sphinx: ``sphinx-build -n -W -b html docs docs/_build/html``."""

from __future__ import annotations

import re
import sys

from sphinx.ext.napoleon import GoogleDocstring

import itilkit

project = "itilkit"
author = "the itilkit authors"
copyright = "the itilkit authors"
version = release = itilkit.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"itilkit {release}"
html_copy_source = False

# Types come from the annotations, meaning from the docstring. Attributes are told in the docstring of their
# class, so they are rendered there and not once more each on its own.
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
autodoc_member_order = "groupwise"
autodoc_default_options = {"members": True, "imported-members": True, "show-inheritance": True}
autodoc_inherit_docstrings = False
napoleon_numpy_docstring = False
napoleon_use_ivar = True

# The standard library and the dependencies have their own documentation, on other sites; the build reads no
# network, so names that start with one of these modules are shown and not linked.
# The second pattern: what all events or all errors share is a private base; its heirs document themselves.
elsewhere = sorted({*sys.stdlib_module_names, "attr", "attrs", "cattrs", "dateutil", "holidays"})
nitpick_ignore_regex = [
    ("py:.*", rf"({'|'.join(map(re.escape, elsewhere))})(\..*)?"),
    ("py:class", r"itilkit\.(.*\.)?_\w+"),
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
