"""A convolution's windows without its sharing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from cnnlib.engine import Axes, connect_locally
from cnnlib.layers.base import Place, Shape, Step, Symbols, Windowed
from cnnlib.layers.elementwise import finish
from cnnlib.layers.settings import Pair, activation, boolean, or_none, setting, text
from cnnlib.layers.weights import Weight, bias
from cnnlib.shapes import integer, pair


@dataclass(frozen=True)
class LocallyConnected2D(Windowed):
    """A convolution's windows without its sharing: every position has kernels of its own.

    >>> LocallyConnected2D(6, 5).derive("parameters", (32, 32, 1)).value
    122304

    Padding is "valid", as in the Keras 2 layer of this name (Keras 3 has none).
    """

    filters: int = setting(integer)
    kernel_size: Pair = setting(pair)
    strides: Pair = setting(pair, 1)
    activation: str | None = setting(activation, None)
    use_bias: bool = setting(boolean, True)
    name: str | None = setting(or_none(text), None)

    def axes(self, input_shape: Shape) -> Axes:
        return self._slide(input_shape, self.kernel_size, self.strides)

    def weights(self, input_shape: Shape) -> dict[str, Weight]:
        rows, columns = self.axes(input_shape)
        places, window = (rows.count, columns.count), (rows.kernel, columns.kernel)
        kernel = Weight((*places, *window, input_shape[2], self.filters))
        return {"kernel": kernel, **bias(self.use_bias, *places, self.filters)}

    def steps(self, place: Place) -> Iterator[Step]:
        yield Step(partial(connect_locally, axes=place.axes), "kernel")
        yield from finish(self.use_bias, self.activation)

    def _channels(self) -> str:
        return "F"

    def symbols(self, input_shape: Shape) -> Symbols:
        return super().symbols(input_shape) | {"F": self.filters}

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        at_one_place = "(k_h*k_w*C + 1)*F" if self.use_bias else "k_h*k_w*C*F"
        return {
            "parameters": f"({at_one_place})*H_out*W_out",
            "connections": f"({at_one_place})*H_out*W_out",
            "macs": "H_out*W_out*k_h*k_w*C*F",
        }
