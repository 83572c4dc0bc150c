"""What is a layer? One class a kind: settings, shape, weights, counts, how it runs, Keras twin."""

from cnnlib.layers.base import QUANTITIES, Layer, Shape
from cnnlib.layers.convolution import Conv2D
from cnnlib.layers.dense import RBF, Dense, Flatten
from cnnlib.layers.depthwise import DepthwiseConv2D, SeparableConv2D
from cnnlib.layers.elementwise import Activation, Dropout
from cnnlib.layers.local import LocallyConnected2D
from cnnlib.layers.merging import (
    Add,
    Average,
    Concatenate,
    Maximum,
    Merge,
    Minimum,
    Multiply,
    Subtract,
)
from cnnlib.layers.normalization import BatchNormalization
from cnnlib.layers.padding import ZeroPadding2D
from cnnlib.layers.pooling import (
    AveragePooling2D,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    MaxPooling2D,
    TrainableSubsampling,
)
from cnnlib.layers.transposed import Conv2DTranspose

__all__ = [
    "QUANTITIES",
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
    "Layer",
    "LocallyConnected2D",
    "MaxPooling2D",
    "Maximum",
    "Merge",
    "Minimum",
    "Multiply",
    "SeparableConv2D",
    "Shape",
    "Subtract",
    "TrainableSubsampling",
    "ZeroPadding2D",
]
