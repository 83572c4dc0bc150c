"""Print a network's ledger, or the steps to its numbers: `python -m cnnlib model.keras`."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from cnnlib import architectures
from cnnlib.derivation import Derivation
from cnnlib.ledger import Row
from cnnlib.network import COLUMNS, MORE_COLUMNS, Network
from cnnlib.table import Table

NETWORKS = {
    make.__name__: make
    for make in (
        architectures.lenet5,
        architectures.lenet5_1998,
        architectures.alexnet,
        architectures.alexnet_2012,
        architectures.vgg16,
    )
}
REASONS = ("output_shape", "parameters", "connections", "macs", "receptive_field")
PLAIN = str.maketrans(
    {"×": "x", "·": "*", "−": "-", "′": "'", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")"}
)
"""What stands for each sign of arithmetic where the terminal has none."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code: 0, 1 if it cannot write, 2 for what is not there.

    >>> main(["lenet5", "--why", "C3"])  # doctest: +ELLIPSIS
    C3: output shape
    ...
    C3: parameters
      parameters = (k_h·k_w·C + 1)·F = (5·5·6 + 1)·16 = 2,416
    ...
    """
    asked = _parser().parse_intermixed_args(arguments)
    try:
        network = _network(asked.network, asked.input_shape)
        rows = list(network)
        if asked.layer is not None:
            rows = [_choose("layer", asked.layer, {row.name: row for row in rows}, network.name)]
        columns = COLUMNS if asked.columns is None else _columns(asked.columns)
    except (LookupError, ValueError) as error:
        _write(f"cnnlib: {error.args[0]}", sys.stderr)
        return 2
    if asked.why:
        text = _steps_as(asked.form, rows)
    elif asked.layer is not None:
        text = _row_as(asked.form, rows[0], ("name", *columns))
    else:
        text = _table_as(asked.form, network, columns)
    return _print(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cnnlib", description="What a CNN computes and costs.")
    known = ", ".join(NETWORKS)
    parser.add_argument("network", help=f"a Keras model (.keras, .json, .h5), or {known}")
    parser.add_argument("layer", nargs="?", help="the name of one of its layers")
    parser.add_argument("--why", action="store_true", help="the steps, not only the numbers")
    parser.add_argument(
        "--input-shape",
        metavar="H,W,C",
        help="the size of an image, where the model leaves it open",
    )
    known = ", ".join((*COLUMNS, *MORE_COLUMNS))
    parser.add_argument("--columns", metavar="A,B,...", help=f"which numbers: {known}")
    form = parser.add_mutually_exclusive_group()
    for name in ("json", "markdown"):
        form.add_argument(
            f"--{name}", dest="form", action="store_const", const=name, help=f"as {name}"
        )
    return parser


def _network(name: str, input_shape: str | None) -> Network:
    """The network of that name, or the one in that file."""
    path = Path(name)
    if name in NETWORKS or not (path.suffix or path.is_file()):
        return _choose("network", name, NETWORKS)()
    if input_shape is None:
        return Network.from_keras(path)
    try:
        sizes = [int(size) for size in input_shape.split(",")]
    except ValueError:
        raise ValueError(
            f"--input-shape is whole numbers, as in 224,224,3, not {input_shape!r}"
        ) from None
    return Network.from_keras(path, sizes)


def _choose(what: str, name: str, offered: Mapping[str, Any], owner: str = "") -> Any:
    """The thing of that name; a LookupError suggests one that is nearly right."""
    if name in offered:
        return offered[name]
    has, are = (f"{owner} has no", "it has") if owner else ("no", "there are")
    message = f"{has} {what} {name!r}; {are} {', '.join(offered)}"
    folded = {known.casefold(): known for known in offered}
    near = difflib.get_close_matches(name.casefold(), folded, n=1)
    raise LookupError(f"{message}. Did you mean {folded[near[0]]}?" if near else message)


def _columns(asked: str) -> tuple[str, ...]:
    known = dict.fromkeys((*COLUMNS, *MORE_COLUMNS))
    names = [name.strip() for name in asked.split(",")]
    for name in names:
        _choose("column", name, known, "a ledger")
    return tuple(names)


def _table_as(form: str | None, network: Network, columns: Sequence[str]) -> str:
    table: Table = network.table(*columns)
    if form == "markdown":
        return table.to_markdown()
    if form == "json":
        about = {"name": network.name, "input_shape": network.input_shape}
        return json.dumps(about | {"layers": table.rows, "totals": table.totals}, indent=2)
    return str(table)


def _row_as(form: str | None, row: Row, columns: Sequence[str]) -> str:
    numbers = {name: getattr(row, name) for name in columns}
    if form == "json":
        return json.dumps(numbers, indent=2)
    line = "- **{}:** {}" if form == "markdown" else "{}: {}"
    return "\n".join(line.format(name, value) for name, value in numbers.items())


def _steps_as(form: str | None, rows: Iterable[Row]) -> str:
    found: list[Derivation] = [row.derive(reason) for row in rows for reason in REASONS]
    if form == "json":
        return json.dumps(
            [
                {"title": why.title, "steps": [e.text() for e in why.equations], "value": why.value}
                for why in found
            ],
            indent=2,
        )
    if form == "markdown":
        return "\n\n".join(f"**{why.title}**\n\n{why._repr_latex_()}" for why in found)
    return "\n".join(map(str, found))


def _print(text: str) -> int:
    """Write to standard output, all of it or with a word on why not."""
    try:
        _write(text, sys.stdout)
        return 0
    except BrokenPipeError:  # whoever read it, `head` perhaps, has seen enough
        code = 0
    except OSError as error:
        _write(f"cnnlib: the output could not be written: {error.strerror}", sys.stderr)
        code = 1
    # What is still in the buffer would fail once more when Python ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _write(text: str, to: TextIO) -> None:
    """Write a line in the signs that the terminal has, and see that it arrives."""
    encoding = getattr(to, "encoding", None) or "utf-8"
    shown = "".join(sign if _has(encoding, sign) else sign.translate(PLAIN) for sign in text)
    print(shown.encode(encoding, "backslashreplace").decode(encoding), file=to, flush=True)


def _has(encoding: str, sign: str) -> bool:
    try:
        return bool(sign.encode(encoding))
    except UnicodeEncodeError:
        return False


if __name__ == "__main__":
    sys.exit(main())
