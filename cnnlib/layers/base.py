"""What every layer can be asked: shapes, weights, counts and how they come about, how it runs."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from typing import Any, ClassVar

import numpy as np

from cnnlib.derivation import Derivation, Equation, equation
from cnnlib.engine import Array, Axes, Pass
from cnnlib.language import say
from cnnlib.layers.settings import Pair, boolean
from cnnlib.layers.settings import input_shape as checked_shape
from cnnlib.layers.weights import Weight
from cnnlib.names import called
from cnnlib.shapes import AnyAxis, Axis, Padding, axis_paddings, check_fit, pair

Shape = tuple[int, ...]
Symbols = dict[str, Any]  # an int, or an Equation that leads to one
Twins = list[tuple[str, dict[str, Any]]]
FLOAT_BYTES = 4
SILENT = re.compile(
    r"_(initializer|regularizer|constraint)$"
    r"|^(seed|batch_shape|batch_input_shape|quantization_config)$"
)
ALONE: dict[str, tuple] = {"data_format": ("channels_last",), "dtype": ("float32",)}
QUANTITIES = (
    "output_shape",
    "parameters",
    "connections",
    "macs",
    "activation_bytes",
    "parameter_bytes",
)


@dataclass(frozen=True)
class Place:
    """Where a layer runs: the axes under its windows, the arrays it holds, and chance.

    `random` is there while the network learns, and None in use.
    """

    axes: Any
    weights: Mapping[str, Array]
    random: np.random.Generator | None = None


@dataclass(frozen=True)
class Step:
    """A part of what a layer computes: run(inputs) gives a `Pass`, or run(inputs, weight).

    `weight` names the array that the part multiplies with or adds, whose gradient is the pass's
    `by_weight`.
    """

    run: Callable[..., Pass]
    weight: str | None = None


@dataclass(frozen=True)
class _Trains:
    """The one setting that all layers have, under Keras's name."""

    trainable: bool = field(default=True, metadata={"check": boolean}, kw_only=True, repr=False)


class Layer(_Trains):
    """What a layer is: its settings, its weights, its counts by formula, how it runs.

    >>> from cnnlib import Conv2D
    >>> print(Conv2D(6, 5).derive("parameters", (32, 32, 1)))
    conv2d: parameters
      parameters = (k_h·k_w·C + 1)·F = (5·5·1 + 1)·6 = 156

    Shapes are those of one image, (rows, columns, channels), or of one vector, (length,).
    Parameters and MACs are counts, memory is bytes of float32. A connection is one link from an
    input, or from the constant 1 of a bias, to a unit; a link to padding is none, and layers that
    only pass values on have none (LeCun et al. 1998, section II.B, count this way).

    A kind is a frozen dataclass that derives from this one and writes those of the methods below
    whose answer is another; CONTRIBUTING.md shows how, step by step.
    """

    name: str | None

    reads_everything: ClassVar[bool] = False  # whether each unit reads all of the layer before
    mixes_images: ClassVar[bool] = False  # whether, in learning, an output depends on other images
    keras_kinds: ClassVar[tuple[str, ...]] = ()  # names in keras.layers: one to build, all to read
    ours_alone: ClassVar[tuple[str, ...]] = ()  # settings that are none of Keras's
    keras_alone: ClassVar[dict[str, tuple]] = {}  # and its own: the values that mean the same
    keras_silent: ClassVar[tuple[str, ...]] = ()  # and those that mean nothing here

    def output_equations(self, input_shape: Shape) -> tuple[Equation, ...]:
        """Equations that lead to height, width and channels, or to a length: here, to the input's.

        Other names are steps on the way.
        """
        names = ("height", "width", "channels") if len(input_shape) == 3 else ("length",)
        symbols = zip(names, self._values(input_shape).split("*"), strict=True)
        return tuple(
            Equation(name, symbol, {symbol: size})
            for (name, symbol), size in zip(symbols, input_shape, strict=True)
        )

    def weights(self, input_shape: Shape) -> dict[str, Weight]:
        """The weight arrays by name, in Keras's order."""
        return {}

    def arrays(self, input_shape: Shape) -> dict[str, Weight]:
        """The same; where the layer does not train, none of them does."""
        held = self.weights(input_shape).items()
        return {n: replace(w, trainable=w.trainable and self.trainable) for n, w in held}

    def symbols(self, input_shape: Shape) -> Symbols:
        """What the formulas' letters stand for: numbers, or equations that lead to them."""
        names = ("H", "W", "C") if len(input_shape) == 3 else ("n",)
        return {"C": input_shape[-1], **dict(zip(names, input_shape, strict=True))}

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        """Formulas for parameters, connections and macs, in `symbols`; what is not there is 0."""
        return {}

    def axes(self, input_shape: Shape) -> tuple[AnyAxis, AnyAxis] | None:
        """What slides over the rows and over the columns; None where nothing does."""
        return None

    def steps(self, place: Place) -> Iterator[Step]:
        """What the layer computes, one step after the other, each with its way back."""
        raise ValueError(f"NumpyModel cannot run a {type(self).__name__}: write its method steps")

    def to_keras(self, input_shape: Shape) -> Twins:
        """The layers of Keras that compute the same, in order: (kind, settings)."""
        if not self.keras_kinds:
            raise ValueError(
                f"Keras has no built-in layer for a {type(self).__name__}: run it with NumpyModel"
            )
        settings = {}
        for own in _settings(self):
            settings[own.name] = getattr(self, own.name)
            if own.name in self.ours_alone and settings.pop(own.name) != own.default:
                raise ValueError(
                    f"Keras's {self.keras_kinds[0]} has no {own.name}: leave it at {own.default!r}"
                )
        if settings.get("trainable"):
            del settings["trainable"]  # as it is in Keras, unasked
        return [(self.keras_kinds[0], settings)]

    @classmethod
    def from_keras(cls, kind: str, config: Mapping[str, Any]) -> Layer:
        """The layer that this configuration of Keras's describes.

        Each of Keras's settings is one of the layer's own, means nothing for counts and answers
        (`SILENT`), or must have a value that means the same as leaving it out (`ALONE`).
        """
        alone, own = ALONE | cls.keras_alone, {f.name for f in _settings(cls)}
        for setting, value in config.items():
            if setting in own or setting in cls.keras_silent or SILENT.search(setting):
                continue
            if setting == "dtype" and isinstance(value, Mapping):
                value = value.get("config", {}).get("name")
            values = alone.get(setting, ())
            if value not in values:
                only = f"only {' or '.join(map(repr, values))} can, so build the model with it"
                raise ValueError(
                    f"{setting}={value!r} cannot be read; "
                    + (only if values else f"{cls.__name__} has no such setting, so leave it out")
                )
        needed = [f.name for f in _settings(cls) if f.default is f.default_factory is MISSING]
        if missing := [name for name in needed if name not in config]:
            raise ValueError(f"its configuration lacks {missing[0]}: save the model anew")
        return cls(**{name: value for name, value in config.items() if name in own})

    def __post_init__(self) -> None:
        with self._naming():
            for own in _settings(self):
                if "check" in own.metadata:
                    value = own.metadata["check"](getattr(self, own.name), own.name)
                    self._settle(own.name, value)
            self._check()

    def _check(self) -> None:
        """Raise unless the settings, each right by itself, make sense together."""

    @contextmanager
    def _naming(self) -> Iterator[None]:
        """Put the layer's name before whatever is said against it."""
        try:
            yield
        except ValueError as error:
            raise ValueError(f"{self.label}: {error}") from None

    def _settle(self, setting: str, value: Any) -> None:
        object.__setattr__(self, setting, value)

    @property
    def label(self) -> str:
        """The layer's name, or what Keras would call it."""
        words = r"(?<=[a-z])(?=[A-Z])|(?<=.)(?=[A-Z][a-z])"  # where Keras begins one
        return self.name or re.sub(words, "_", type(self).__name__).lower()

    def derive(self, quantity: str, input_shape: Shape) -> Derivation:
        """The steps that lead to one of `QUANTITIES`, for an input of this shape."""
        if quantity not in QUANTITIES:
            raise ValueError(f"cannot derive {quantity!r}: choose one of {', '.join(QUANTITIES)}")
        with self._naming():
            shape = self._checked(input_shape)
            counts = quantity != "output_shape"
            equations = self._counted(quantity, shape) if counts else self.output_equations(shape)
            value: Any = equations[-1].value if counts else _shape(equations)
        title = say("{layer}: {quantity}", layer=self.label, quantity=called(quantity))
        return Derivation(title, equations, value)

    def _checked(self, input_shape: Shape) -> Shape:
        return checked_shape(input_shape)

    def _counted(self, quantity: str, input_shape: Shape) -> tuple[Equation, ...]:
        if quantity == "parameter_bytes":
            count = self._counted("parameters", input_shape)[-1].value
            return (Equation("bytes", f"parameters*{FLOAT_BYTES}", {"parameters": count}),)
        if quantity == "activation_bytes":
            shape = self.output_shape(input_shape)
            names = ("H_out", "W_out", "C_out") if len(shape) == 3 else ("n",)
            numbers = dict(zip(names, shape, strict=True))
            return (Equation("bytes", "*".join([*names, str(FLOAT_BYTES)]), numbers),)
        symbols = self.symbols(input_shape)
        formula = self.formulas(input_shape).get(quantity, "0")
        spoken = {name: symbols[name] for name in symbols if name in re.findall(r"\w+", formula)}
        steps = tuple(value for value in spoken.values() if isinstance(value, Equation))
        numbers = {n: v.value if isinstance(v, Equation) else v for n, v in spoken.items()}
        last = Equation(quantity, formula, numbers)
        held = sum(math.prod(weight.shape) for weight in self.weights(input_shape).values())
        if quantity == "parameters" and last.value != held:
            raise ValueError(
                f"{last} is the formula for its parameters, but its arrays hold {held}"
            )
        return (*steps, last)

    def output_shape(self, input_shape: Shape) -> Shape:
        """The shape of what comes out."""
        return self.derive("output_shape", input_shape).value

    def bias_additions(self, input_shape: Shape) -> int:
        """How many times a bias is added: once per output unit of a layer that has biases."""
        biased = "bias" in self.weights(input_shape)
        return math.prod(self.output_shape(input_shape)) if biased else 0

    def _values(self, input_shape: Shape) -> str:
        """The formula for how many values come in."""
        return "H*W*C" if len(input_shape) == 3 else "n"

    def _image(self, input_shape: Shape) -> Shape:
        """The input shape, if it is that of an image."""
        if len(input_shape) == 3:
            return input_shape
        values = input_shape[0]
        sides = math.isqrt(values), math.isqrt(values // 3), 1
        side = next(side for side in sides if side and values % side**2 == 0)
        image = side, side, values // side**2
        raise ValueError(
            f"{type(self).__name__} reads an image (rows, columns, channels), not {values:,} "
            f"values in a row: move it before Flatten, or put Reshape({image}) before it"
        )


class AlongLast(Layer):
    """A layer that works along one axis, which Keras counts from 1: it must be the last."""

    axis: int

    def output_equations(self, input_shape: Shape) -> tuple[Equation, ...]:
        rank = len(input_shape)
        if self.axis not in (-1, rank):
            dims = (*(i for i in range(1, rank + 1) if i != self.axis % (rank + 1)), self.axis)
            moved = f", and put Permute({dims}) before it" if self.axis in range(1, rank) else ""
            raise ValueError(
                f"axis={self.axis} cannot be read, for it is not the last: use -1{moved}"
            )
        return super().output_equations(input_shape)


class Windowed(Layer):
    """A layer whose units each read one window of the image.

    In formulas, windows are k_h by k_w, and there are H_out by W_out of them.
    """

    def axes(self, input_shape: Shape) -> Axes:
        """The windows over the rows and over the columns: here, each one pixel."""
        return self._slide(input_shape, 1)

    def output_equations(self, input_shape: Shape) -> tuple[Equation, ...]:
        rows, columns = self.axes(input_shape)
        across = columns.equations("width")
        if rows == columns:
            across = (Equation("width", "height", {"height": rows.count}),)
        channels = equation("channels", self._channels(), self.symbols(input_shape))
        return (*rows.equations("height"), *across, channels)

    def _channels(self) -> str:
        """The formula for the channels that come out: each channel gives one."""
        return "C"

    def symbols(self, input_shape: Shape) -> Symbols:
        rows, columns = self.axes(input_shape)
        symbols: Symbols = {
            "H_out": rows.count, "W_out": columns.count, "k_h": rows.kernel, "k_w": columns.kernel,
        }  # fmt: skip
        if self._pads(input_shape):
            symbols["t_h"] = taps_inside("h", "H_out", rows)
            symbols["t_w"] = taps_inside("w", "W_out", columns)
        return super().symbols(input_shape) | symbols

    def _links(self, input_shape: Shape, at_one_place: str, planes: str, biases: str = "") -> str:
        """The formula for connections: what there is at one place, at every place.

        Where taps fall on padding, each of the `planes` has the t_h·t_w that fall on pixels.
        """
        if not self._pads(input_shape):
            return f"{at_one_place}*H_out*W_out"
        return f"t_h*t_w*{planes}" + (biases and f" + H_out*W_out*{biases}")

    def _pads(self, input_shape: Shape) -> bool:
        """Whether any tap of any window falls on padding."""
        return any(axis.taps_outside for axis in self.axes(input_shape))

    def _slide(
        self,
        input_shape: Shape,
        window: Pair,
        strides: Pair = 1,
        padding: Padding = "valid",
        dilation_rate: Pair = 1,
        ceil_mode: bool = False,
    ) -> Axes:
        """Both axes of a window that slides over the image, if it fits."""
        height, width, _ = self._image(input_shape)
        settings = pair(window, "window"), pair(strides, "strides"), axis_paddings(padding)
        rows, columns = (
            Axis(size, kernel, stride, zeros, dilation, ceil_mode)
            for size, kernel, stride, zeros, dilation in zip(
                (height, width), *settings, pair(dilation_rate, "dilation_rate"), strict=True
            )
        )
        if hasattr(self, "padding"):
            check_fit(rows, columns)
        else:
            check_fit(rows, columns, mend="use a smaller window")
        return rows, columns


def taps_inside(side: str, count: str, axis: Axis) -> Equation:
    """How many taps of all windows over one side fall on pixels."""
    kernel, outside = f"k_{side}", f"o_{side}"
    numbers = {count: axis.count, kernel: axis.kernel, outside: axis.taps_outside}
    return Equation(f"t_{side}", f"{count}*{kernel} - {outside}", numbers)


def _settings(kind: Any) -> tuple[Field, ...]:
    """The fields of a kind, or of a layer: each kind is a dataclass."""
    return fields(kind)


def _shape(equations: tuple[Equation, ...]) -> Shape:
    """The shape that the equations of an output shape lead to; some of them are steps."""
    names = "height", "width", "channels", "length"
    return tuple(e.value for e in equations if e.name in names)
