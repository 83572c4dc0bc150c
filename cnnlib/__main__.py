"""Print a network's ledger, or the steps to one layer's numbers: `python -m cnnlib lenet5`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from cnnlib import architectures
from cnnlib.network import Network

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
    names = [row.name for row in network]
    if asked.layer and asked.layer not in names:
        return _refuse(f"{asked.network} has no layer {asked.layer!r}; it has {', '.join(names)}")
    _show(network, [asked.layer] if asked.layer else names, asked.why, whole=not asked.layer)
    return 0


def _show(network: Network, names: list[str], why: bool, whole: bool) -> None:
    if why:
        print("\n".join(str(network[n].derive(reason)) for n in names for reason in REASONS))
    elif whole:
        print(network.table())
    else:
        row = network.table().rows[[r.name for r in network].index(names[0])]
        print("\n".join(f"{column}: {value}" for column, value in row.items()))


def _refuse(message: str) -> int:
    print(f"cnnlib: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
