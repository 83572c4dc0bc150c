"""Which networks does the course study?"""

from __future__ import annotations

from cnnlib.layers import (
    RBF,
    Activation,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPooling2D,
    TrainableSubsampling,
)
from cnnlib.network import Network

LENET5_C3_TABLE = (
    (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5),
    (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5),
    (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)  # fmt: skip
"""The maps of S2 that each map of C3 reads: LeCun et al. (1998), Table I."""


def lenet5() -> Network:
    """LeNet-5 as it is built today: every map reads every map, ReLU, max pooling, softmax.

    >>> lenet5().parameters
    61706
    """
    return Network(
        (32, 32, 1),
        [
            Conv2D(6, 5, activation="relu", name="C1"),
            MaxPooling2D(2, name="S2"),
            Conv2D(16, 5, activation="relu", name="C3"),
            MaxPooling2D(2, name="S4"),
            Conv2D(120, 5, activation="relu", name="C5"),
            Flatten(name="flatten"),
            Dense(84, activation="relu", name="F6"),
            Dense(10, activation="softmax", name="output"),
        ],
        name="LeNet-5",
    )


def lenet5_1998() -> Network:
    """LeNet-5 as it was published: trainable subsampling, C3's table, an RBF output.

    >>> net = lenet5_1998()
    >>> net.parameters, net.connections
    (60000, 340908)

    Its squashing function, A·tanh(S·a), stands here as tanh. Source: LeCun et al. (1998), section
    II.B.
    """
    table = tuple(tuple(channel in row for channel in range(6)) for row in LENET5_C3_TABLE)
    return Network(
        (32, 32, 1),
        [
            Conv2D(6, 5, activation="tanh", name="C1"),
            TrainableSubsampling(2, name="S2"),
            Conv2D(16, 5, activation="tanh", connection_table=table, name="C3"),
            TrainableSubsampling(2, name="S4"),
            Conv2D(120, 5, activation="tanh", name="C5"),
            Flatten(name="flatten"),
            Dense(84, activation="tanh", name="F6"),
            RBF(10, name="output"),
        ],
        name="LeNet-5 (1998)",
    )


def alexnet() -> Network:
    """AlexNet in one tower, on 227×227 pixels.

    >>> alexnet().parameters
    62378344

    Source: Krizhevsky et al. (2012), section 3.5, without its local response normalisation, which
    has no parameters. The paper says 224 pixels; 55 windows take 227.
    """
    return _alexnet(groups=1, name="AlexNet")


def alexnet_2012() -> Network:
    """AlexNet as it was published: conv2, conv4 and conv5 split over two processors.

    >>> alexnet_2012().parameters
    60965224
    """
    return _alexnet(groups=2, name="AlexNet (2012)")


def _alexnet(groups: int, name: str) -> Network:
    return Network(
        (227, 227, 3),
        [
            Conv2D(96, 11, strides=4, activation="relu", name="conv1"),
            MaxPooling2D(3, strides=2, name="pool1"),
            Conv2D(256, 5, padding="same", groups=groups, activation="relu", name="conv2"),
            MaxPooling2D(3, strides=2, name="pool2"),
            Conv2D(384, 3, padding="same", activation="relu", name="conv3"),
            Conv2D(384, 3, padding="same", groups=groups, activation="relu", name="conv4"),
            Conv2D(256, 3, padding="same", groups=groups, activation="relu", name="conv5"),
            MaxPooling2D(3, strides=2, name="pool5"),
            Flatten(name="flatten"),
            Dense(4096, activation="relu", name="fc6"),
            Dropout(0.5, name="dropout6"),
            Dense(4096, activation="relu", name="fc7"),
            Dropout(0.5, name="dropout7"),
            Dense(1000, activation="softmax", name="fc8"),
        ],
        name=name,
    )


def vgg16() -> Network:
    """VGG-16: nothing but 3×3 convolutions and 2×2 pools before its dense layers.

    >>> vgg16().parameters
    138357544

    Source: Simonyan and Zisserman (2015), Table 1, configuration D.
    """
    layers: list[Layer] = []
    for block, (depth, filters) in enumerate([(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)], 1):
        for number in range(1, depth + 1):
            name = f"conv{block}_{number}"
            layers.append(Conv2D(filters, 3, padding="same", activation="relu", name=name))
        layers.append(MaxPooling2D(2, name=f"pool{block}"))
    layers += [
        Flatten(name="flatten"),
        Dense(4096, activation="relu", name="fc6"),
        Dense(4096, activation="relu", name="fc7"),
        Dense(1000, name="fc8"),
        Activation("softmax", name="softmax"),
    ]
    return Network((224, 224, 3), layers, name="VGG-16")
