"""What is a layer: its output shape, parameters, connections and multiply-accumulates?"""

from cnnlib.layers.base import QUANTITIES, Layer, Shape
from cnnlib.layers.convolutions import Conv2D, DepthwiseConv2D, LocallyConnected2D
from cnnlib.layers.pools import (
    AveragePooling2D,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    MaxPooling2D,
    TrainableSubsampling,
    ZeroPadding2D,
)
from cnnlib.layers.vectors import RBF, Activation, BatchNormalization, Dense, Dropout, Flatten

__all__ = [
    "QUANTITIES",
    "RBF",
    "Activation",
    "AveragePooling2D",
    "BatchNormalization",
    "Conv2D",
    "Dense",
    "DepthwiseConv2D",
    "Dropout",
    "Flatten",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "Layer",
    "LocallyConnected2D",
    "MaxPooling2D",
    "Shape",
    "TrainableSubsampling",
    "ZeroPadding2D",
]
