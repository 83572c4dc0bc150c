"""Understand what a convolutional neural network computes and what it costs.

An architecture is written down once, as a `Network`, and read many ways: as shapes, as a
parameter table, as arithmetic in steps, as NumPy, as Keras, as pictures.
"""

from importlib import import_module
from types import ModuleType

from cnnlib.layers import (
    RBF,
    Activation,
    Add,
    Average,
    AveragePooling2D,
    BatchNormalization,
    Concatenate,
    Conv2D,
    Conv2DTranspose,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    LocallyConnected2D,
    Maximum,
    MaxPooling2D,
    Minimum,
    Multiply,
    SeparableConv2D,
    Subtract,
    TrainableSubsampling,
    ZeroPadding2D,
)
from cnnlib.network import Network

_MODULES = ("architectures", "checks", "datasets", "figures", "operations", "shapes", "training")

__all__ = [
    "RBF",
    "Activation",
    "Add",
    "Average",
    "AveragePooling2D",
    "BatchNormalization",
    "Concatenate",
    "Conv2D",
    "Conv2DTranspose",
    "Dense",
    "DepthwiseConv2D",
    "Dropout",
    "Flatten",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "LocallyConnected2D",
    "MaxPooling2D",
    "Maximum",
    "Minimum",
    "Multiply",
    "Network",
    "SeparableConv2D",
    "Subtract",
    "TrainableSubsampling",
    "ZeroPadding2D",
    *_MODULES,
]


def __getattr__(name: str) -> ModuleType:
    """Import a module of the library when it is first asked for."""
    if name in _MODULES:
        return import_module(f"cnnlib.{name}")
    raise AttributeError(f"module 'cnnlib' has no attribute {name!r}")
