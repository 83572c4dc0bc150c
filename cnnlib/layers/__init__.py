"""What is a layer? One class a kind: settings, shape, weights, counts, how it runs, Keras twin."""

from cnnlib.layers.base import (
    QUANTITIES,
    Layer,
    Shape,
)
from cnnlib.layers.chance import (
    AlphaDropout,
    Augmentation,
    Dropout,
    GaussianDropout,
    GaussianNoise,
    SpatialDropout2D,
)
from cnnlib.layers.convolution import (
    Conv2D,
)
from cnnlib.layers.dense import (
    RBF,
    Dense,
)
from cnnlib.layers.depthwise import (
    DepthwiseConv2D,
    SeparableConv2D,
)
from cnnlib.layers.elementwise import (
    ELU,
    Activation,
    Identity,
    LeakyReLU,
    PReLU,
    ReLU,
    Softmax,
)
from cnnlib.layers.local import (
    LocallyConnected2D,
)
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
from cnnlib.layers.normalization import (
    BatchNormalization,
    LayerNormalization,
    LayerScale,
    Normalization,
    Rescaling,
)
from cnnlib.layers.padding import (
    CenterCrop,
    Cropping2D,
    ZeroPadding2D,
)
from cnnlib.layers.pooling import (
    AveragePooling2D,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    MaxPooling2D,
    TrainableSubsampling,
)
from cnnlib.layers.resampling import (
    Resizing,
    UpSampling2D,
)
from cnnlib.layers.reshaping import (
    Flatten,
    Permute,
    Reshape,
)
from cnnlib.layers.transposed import (
    Conv2DTranspose,
)

__all__ = [
    "ELU",
    "QUANTITIES",
    "RBF",
    "Activation",
    "Add",
    "AlphaDropout",
    "Augmentation",
    "Average",
    "AveragePooling2D",
    "BatchNormalization",
    "CenterCrop",
    "Concatenate",
    "Conv2D",
    "Conv2DTranspose",
    "Cropping2D",
    "Dense",
    "DepthwiseConv2D",
    "Dropout",
    "Flatten",
    "GaussianDropout",
    "GaussianNoise",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "Identity",
    "Layer",
    "LayerNormalization",
    "LayerScale",
    "LeakyReLU",
    "LocallyConnected2D",
    "MaxPooling2D",
    "Maximum",
    "Merge",
    "Minimum",
    "Multiply",
    "Normalization",
    "PReLU",
    "Permute",
    "ReLU",
    "Rescaling",
    "Reshape",
    "Resizing",
    "SeparableConv2D",
    "Shape",
    "Softmax",
    "SpatialDropout2D",
    "Subtract",
    "TrainableSubsampling",
    "UpSampling2D",
    "ZeroPadding2D",
]
