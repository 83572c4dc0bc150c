"""How does a ledger show itself: in a terminal, in a notebook, in Markdown?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from tabulate import tabulate

from cnnlib.names import called


@dataclass(frozen=True)
class Table:
    """Rows of plain data with a line of totals, shown in the form that the reader's place wants.

    >>> table = Table("Two layers", ({"layer": "a", "macs": 1200}, {"layer": "b", "macs": 34}))
    >>> print(table)
    Two layers
    layer      macs
    -------  ------
    a         1,200
    b            34
    total     1,234
    >>> table.rows[0]["macs"], table.totals
    (1200, {'macs': 1234})

    A column is totalled if all its values are whole numbers. Where none is, there is no last line.
    """

    title: str
    rows: tuple[Mapping[str, Any], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(self.rows[0])

    @property
    def totals(self) -> dict[str, int]:
        """The sum of each column that has one."""
        return {
            name: sum(row[name] for row in self.rows)
            for name in self.columns
            if all(isinstance(row[name], int) for row in self.rows)
        }

    def __str__(self) -> str:
        return f"{self.title}\n{self._render('simple')}"

    def _repr_html_(self) -> str:
        caption = f"<caption>{escape(self.title)}</caption>"
        return self._render("html").replace("<table>", f"<table>\n{caption}", 1)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()

    def to_markdown(self) -> str:
        """The table as Markdown."""
        return f"**{self.title}**\n\n{self._render('pipe')}"

    def _render(self, form: str) -> str:
        bar = r"\|" if form == "pipe" else "|"
        last = ({self.columns[0]: called("total"), **self.totals},) if self.totals else ()
        lines = [
            [_cell(row.get(name, "")).replace("|", bar) for name in self.columns]
            for row in (*self.rows, *last)
        ]
        return tabulate(
            lines,
            headers=[called(name).replace("_", " ") for name in self.columns],
            tablefmt=form,
            disable_numparse=True,
            colalign=["right" if name in self.totals else "left" for name in self.columns],
        )


def _cell(value: Any) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, tuple) and all(isinstance(size, int) for size in value):
        return "×".join(f"{size:,}" for size in value)
    if isinstance(value, tuple) and all(isinstance(part, str | tuple) for part in value):
        return ", ".join(map(_cell, value))
    return "" if value is None else str(value)
