"""Print a network's ledger, or the steps to one layer's numbers: `python -m cnnlib lenet5`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from cnnlib import architectures
from cnnlib.network import COLUMNS

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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0, or 2 for a wrong name.

    >>> main(["lenet5", "C3", "--why"])  # doctest: +ELLIPSIS
    C3: output shape
    ...
    C3: parameters
      parameters = (k_h·k_w·C + 1)·F = (5·5·6 + 1)·16 = 2,416
    ...
    """
    parser = argparse.ArgumentParser(prog="cnnlib", description="What a CNN computes and costs.")
    parser.add_argument("network", help=", ".join(NETWORKS))
    parser.add_argument("layer", nargs="?", help="the name of one of its layers")
    parser.add_argument("--why", action="store_true", help="the steps, not only the numbers")
    asked = parser.parse_args(arguments)
    if asked.network not in NETWORKS:
        return _refuse(f"no network {asked.network!r}; there are {', '.join(NETWORKS)}")
    network = NETWORKS[asked.network]()
    try:
        rows = list(network) if asked.layer is None else [network[asked.layer]]
    except KeyError as error:
        return _refuse(error.args[0])
    if asked.why:
        print("\n".join(str(row.derive(reason)) for row in rows for reason in REASONS))
    elif asked.layer is None:
        print(network.table())
    else:
        print("\n".join(f"{name}: {getattr(rows[0], name)}" for name in ("name", *COLUMNS)))
    return 0


def _refuse(message: str) -> int:
    print(f"cnnlib: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
