"""Understand what a convolutional neural network computes and what it costs.

An architecture is written down once, as a `Network`, and read many ways: as shapes, as a
parameter table, as arithmetic in steps, as NumPy, as Keras, as pictures.
"""

from importlib import import_module
from types import ModuleType

from cnnlib.layers import (
    ELU,
    RBF,
    Activation,
    Add,
    AlphaDropout,
    Augmentation,
    Average,
    AveragePooling2D,
    BatchNormalization,
    CenterCrop,
    Concatenate,
    Conv2D,
    Conv2DTranspose,
    Cropping2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GaussianDropout,
    GaussianNoise,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    Identity,
    LayerNormalization,
    LayerScale,
    LeakyReLU,
    LocallyConnected2D,
    Maximum,
    MaxPooling2D,
    Minimum,
    Multiply,
    Normalization,
    Permute,
    PReLU,
    ReLU,
    Rescaling,
    Reshape,
    Resizing,
    SeparableConv2D,
    Softmax,
    SpatialDropout2D,
    Subtract,
    TrainableSubsampling,
    UpSampling2D,
    ZeroPadding2D,
)
from cnnlib.network import Network

_MODULES = ("architectures", "checks", "datasets", "figures", "operations", "shapes", "training")

__all__ = [
    "Activation",
    "Add",
    "Average",
    "AveragePooling2D",
    "BatchNormalization",
    "Concatenate",
    "AlphaDropout",
    "Augmentation",
    "CenterCrop",
    "Conv2D",
    "Conv2DTranspose",
    "Cropping2D",
    "Dense",
    "DepthwiseConv2D",
    "Dropout",
    "ELU",
    "Flatten",
    "GaussianDropout",
    "GaussianNoise",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "Identity",
    "LayerNormalization",
    "LayerScale",
    "LeakyReLU",
    "LocallyConnected2D",
    "MaxPooling2D",
    "Maximum",
    "Minimum",
    "Multiply",
    "Network",
    "Normalization",
    "PReLU",
    "Permute",
    "RBF",
    "ReLU",
    "Rescaling",
    "Reshape",
    "Resizing",
    "SeparableConv2D",
    "Subtract",
    "Softmax",
    "SpatialDropout2D",
    "TrainableSubsampling",
    "UpSampling2D",
    "ZeroPadding2D",
    *_MODULES,
]


def __getattr__(name: str) -> ModuleType:
    """Import a module of the library when it is first asked for."""
    if name in _MODULES:
        return import_module(f"cnnlib.{name}")
    raise AttributeError(f"module 'cnnlib' has no attribute {name!r}")
