"""Read cnnlib's docstrings as the plain text they are: backticks hold code, a * is a *."""

import re

CODE_OR_MARK = re.compile(r"`[^`]*`|[*|]|_\b(?!\w)")


def escape(line: str) -> str:
    return CODE_OR_MARK.sub(lambda found: found[0] if "`" in found[0] else f"\\{found[0]}", line)


def escape_prose(app, what, name, obj, options, lines: list[str]) -> None:
    in_example = False
    for number, line in enumerate(lines):
        in_example = bool(line.strip()) and (in_example or line.lstrip().startswith(">>>"))
        if not in_example:
            lines[number] = escape(line)


def setup(app):
    app.connect("autodoc-process-docstring", escape_prose)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
