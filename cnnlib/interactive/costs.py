"""The parameter ledger: where do a network's parameters, its work and its memory lie?"""

from __future__ import annotations

from typing import Any

from tabulate import tabulate

from cnnlib import architectures
from cnnlib.figures import style
from cnnlib.interactive.element import Touchable, lead_html
from cnnlib.interactive.kinds import known_kinds
from cnnlib.language import say
from cnnlib.ledger import Row
from cnnlib.network import Network

COMMAND = "python -m cnnlib model.keras"
STUDIED = ("lenet5", "lenet5_1998", "alexnet", "alexnet_2012", "vgg16")
QUANTITIES = ("parameters", "macs", "connections", "activation_bytes")


def parameter_ledger(*networks: Network) -> Touchable:
    """Compare the layers of networks by what they cost, and see how each number comes about.

    >>> parameter_ledger(architectures.lenet5())
    Find where a network's parameters, work and memory lie
    network      parameters     macs    connections    parameter bytes    activation bytes
    ---------  ------------  -------  -------------  -----------------  ------------------
    LeNet-5          61,706  416,520        429,342            246,824              32,856

    Without networks, the five that the course studies. The derivations are those of `Row.derive`;
    memory is bytes of float32, of the weights and of one image's outputs. The reader adds a model
    by its `.keras` or `.json` file, which the page reads as `Network.from_keras` does.
    """
    for network in networks:
        if not isinstance(network, Network):
            raise ValueError(f"networks must each be a Network, not {network!r}")
    networks = networks or tuple(getattr(architectures, name)() for name in STUDIED)
    lines: dict[str, int] = {}  # each line once: networks share many
    title = say("Find where a network's parameters, work and memory lie")
    costs = [_costs(network, lines) for network in networks]
    options: dict[str, Any] = {"title": title, "quantities": QUANTITIES, "lines": list(lines)}
    options |= {"networks": costs, "kinds": known_kinds()}
    own = say("For a model of yours: {command}", command=f"<code>{COMMAND}</code>")
    fallback = f"{lead_html(title)}{_totals(networks, 'html')}<p>{own}</p>"
    text = f"{title}\n{_totals(networks, 'simple')}"
    return Touchable("parameter-ledger", options, fallback, text)


def _costs(network: Network, lines: dict[str, int]) -> dict[str, Any]:
    """The network as the figure reads it; a layer is its name, kind, output and costs, in order."""
    layers: list[list[Any]] = [
        [row.name, row.kind, style.shape_text(row.output_shape)] for row in network
    ]
    for layer, row in zip(layers, network, strict=True):
        layer.extend(_cost(row, quantity, lines) for quantity in QUANTITIES)
    return {"name": network.name, "layers": layers}


def _cost(row: Row, quantity: str, lines: dict[str, int]) -> list[int]:
    """The number, then where among all lines those that lead to it are."""
    why = row.derive(quantity)
    return [why.value, *(lines.setdefault(e.text(), len(lines)) for e in why.equations)]


def _totals(networks: tuple[Network, ...], form: str) -> str:
    columns = (*QUANTITIES[:3], "parameter_bytes", "activation_bytes")
    sums = [
        [network.name, *(f"{sum(getattr(row, name) for row in network):,}" for name in columns)]
        for network in networks
    ]
    headers = [
        say("network"), say("parameters"), say("macs"), say("connections"),
        say("parameter bytes"), say("activation bytes"),
    ]  # fmt: skip
    align = ["left", *["right"] * len(columns)]
    return tabulate(sums, headers, tablefmt=form, disable_numparse=True, colalign=align)
