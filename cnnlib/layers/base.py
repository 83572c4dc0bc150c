"""What every layer can be asked: its shapes, weights, parameters, connections and MACs."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

from cnnlib.derivation import Derivation, Equation
from cnnlib.layers.fields import CHECKS, checked_shape
from cnnlib.shapes import Axis, axis_paddings, check_fit

Shape = tuple[int, ...]
FLOAT_BYTES = 4
QUANTITIES = (
    "output_shape",
    "parameters",
    "connections",
    "macs",
    "activation_bytes",
    "parameter_bytes",
)


class Layer:
    """A layer described, not computed: it answers questions about any input shape.

    >>> from cnnlib import Conv2D
    >>> print(Conv2D(6, 5).derive("parameters", (32, 32, 1)))
    conv2d: parameters
      parameters = (k_h·k_w·C + 1)·F = (5·5·1 + 1)·6 = 156

    Shapes are those of one image, (rows, columns, channels), or of one vector, (length,).
    Parameters and MACs are counts, memory is bytes of float32. A connection is one link from an
    input, or from the constant 1 of a bias, to a unit; a link to padding is none, and layers that
    only pass values on have none (LeCun et al. 1998, section II.B, count this way).
    """

    name: str | None
    reads_everything = False

    def __post_init__(self) -> None:
        with self._naming():
            self._check()

    def _check(self) -> None:
        """Raise unless the fields make sense; bring them into one form."""
        for field in fields(self):
            self._settle(field.name, CHECKS[field.name](getattr(self, field.name), field.name))

    @contextmanager
    def _naming(self) -> Iterator[None]:
        """Put the layer's name before whatever is said against it."""
        try:
            yield
        except ValueError as error:
            raise ValueError(f"{self.label}: {error}") from None

    def _settle(self, field: str, value: Any) -> None:
        object.__setattr__(self, field, value)

    @property
    def label(self) -> str:
        """The layer's name, or what Keras would call it."""
        return self.name or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self).__name__).lower()

    def derive(self, quantity: str, input_shape: Shape) -> Derivation:
        """The steps that lead to one of `QUANTITIES`, for an input of this shape."""
        if quantity not in QUANTITIES:
            raise ValueError(f"cannot derive {quantity!r}: choose one of {', '.join(QUANTITIES)}")
        with self._naming():
            equations = getattr(self, f"_{quantity}")(checked_shape(input_shape))
        value = _shape(equations) if quantity == "output_shape" else equations[-1].value
        return Derivation(f"{self.label}: {quantity.replace('_', ' ')}", equations, value)

    def output_shape(self, input_shape: Shape) -> Shape:
        """The shape of what comes out."""
        return self.derive("output_shape", input_shape).value

    def weights(self, input_shape: Shape) -> dict[str, Shape]:
        """The weight arrays by name, with their shapes, in Keras's order."""
        return {}

    def axes(self, input_shape: Shape) -> tuple[Axis, Axis] | None:
        """What slides over the rows and over the columns; None where nothing does."""
        return None

    def bias_additions(self, input_shape: Shape) -> int:
        """How many times a bias is added: once per output unit of a layer that has biases."""
        return (
            math.prod(self.output_shape(input_shape)) if "bias" in self.weights(input_shape) else 0
        )

    def _parameters(self, input_shape: Shape) -> tuple[Equation, ...]:
        return (Equation("parameters", "0", {}),)

    def _connections(self, input_shape: Shape) -> tuple[Equation, ...]:
        return (Equation("connections", "0", {}),)

    def _macs(self, input_shape: Shape) -> tuple[Equation, ...]:
        return (Equation("macs", "0", {}),)

    def _activation_bytes(self, input_shape: Shape) -> tuple[Equation, ...]:
        shape = _shape(self._output_shape(input_shape))
        symbols = ("H_out", "W_out", "C_out") if len(shape) == 3 else ("n",)
        numbers = dict(zip(symbols, shape, strict=True))
        return (Equation("bytes", "*".join([*symbols, str(FLOAT_BYTES)]), numbers),)

    def _parameter_bytes(self, input_shape: Shape) -> tuple[Equation, ...]:
        count = self._parameters(input_shape)[-1].value
        return (Equation("bytes", f"parameters*{FLOAT_BYTES}", {"parameters": count}),)

    def _image(self, input_shape: Shape) -> Shape:
        """The input shape, if it is that of an image."""
        if len(input_shape) == 3:
            return input_shape
        raise ValueError(
            f"{type(self).__name__} reads an image (rows, columns, channels), "
            f"not {input_shape[0]:,} values in a row: move it before Flatten"
        )


class Windowed(Layer):
    """A layer whose units each read one window of the image."""

    @property
    def window(self) -> tuple[int, int]:
        """The window's rows and columns."""
        return getattr(self, "kernel_size", None) or self.pool_size

    def axes(self, input_shape: Shape) -> tuple[Axis, Axis]:
        height, width, _ = self._image(input_shape)
        paddings = axis_paddings(getattr(self, "padding", "valid"))
        dilations = getattr(self, "dilation_rate", (1, 1))
        ceil_mode = getattr(self, "ceil_mode", False)
        axes = tuple(
            Axis(size, kernel, stride, padding, dilation, ceil_mode)
            for size, kernel, stride, padding, dilation in zip(
                (height, width), self.window, self.strides, paddings, dilations, strict=True
            )
        )
        check_fit(*axes)
        return axes

    def _channels(self, input_shape: Shape) -> Equation:
        return Equation("channels", "C", {"C": input_shape[2]})

    def _output_shape(self, input_shape: Shape) -> tuple[Equation, ...]:
        rows, columns = self.axes(input_shape)
        across = columns.equations("width")
        if rows == columns:
            across = (Equation("width", "height", {"height": rows.count}),)
        return (*rows.equations("height"), *across, self._channels(input_shape))

    def _taps(self, input_shape: Shape) -> tuple[tuple[Equation, ...], str, dict[str, int]]:
        """How often any window reads any cell: (steps, formula, numbers).

        Without padding that is windows times window size; with it, the taps on padding go off.
        """
        rows, columns = self.axes(input_shape)
        numbers = {
            "H_out": rows.count, "W_out": columns.count, "k_h": rows.kernel, "k_w": columns.kernel,
        }  # fmt: skip
        if not rows.taps_outside and not columns.taps_outside:
            return (), "k_h*k_w*H_out*W_out", numbers
        steps = tuple(
            Equation(name, f"{out}*{k} - {o}", {out: a.count, k: a.kernel, o: a.taps_outside})
            for name, out, k, o, a in (
                ("t_h", "H_out", "k_h", "o_h", rows),
                ("t_w", "W_out", "k_w", "o_w", columns),
            )
        )
        return steps, "t_h*t_w", numbers | {step.name: step.value for step in steps}


def _shape(equations: tuple[Equation, ...]) -> Shape:
    """The shape that the equations of an output shape lead to; some of them are steps."""
    names = "height", "width", "channels", "length"
    return tuple(e.value for e in equations if e.name in names)
