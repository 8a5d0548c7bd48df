r"""Texts as LaTeX writes them: what it would read as commands is escaped, and read back.

Accents stay as they are (UTF-8, which every LaTeX since 2018 reads); those that others wrote as
commands (« \\'e ») are read by pylatexenc.
"""

from __future__ import annotations

import re

from pylatexenc.latex2text import (
    LatexNodes2Text,
    MacroTextSpec,
    get_default_latex_context_db,
)

_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_ESCAPED = re.compile("[" + re.escape("".join(_ESCAPES)) + "]")
_LIGATURES = re.compile(r"([-`'<>,])(?=\1)|[!?](?=`)")  # « -- » would print a dash
_COMMANDS = re.compile(r"[\\~$]|---?|``|''|<<|>>")
_KNOWN = get_default_latex_context_db()
_KNOWN.add_context_category(
    "ours",
    prepend=True,
    macros=[
        MacroTextSpec("textbraceleft", "{"),
        MacroTextSpec("textbraceright", "}"),
        MacroTextSpec("textasciicircum", "^"),
    ],
)
_READER = LatexNodes2Text(_KNOWN, math_mode="verbatim", strict_latex_spaces=True)


def tex(text: str) -> str:
    """A text that LaTeX prints as it is; braces of its own would unbalance those of BibTeX."""
    escaped = _ESCAPED.sub(lambda match: _ESCAPES[match[0]], text)
    return _LIGATURES.sub(lambda match: match[0] + "{}", escaped)


def plain_of(written: str) -> str:
    """What LaTeX would print of a text: without commands and grouping braces."""
    bare = written.replace("{", "").replace("}", "")
    if not _COMMANDS.search(written):
        return bare
    try:
        return str(_READER.latex_to_text(written))
    except RecursionError:  # thousands of braces, one within the other
        return bare
