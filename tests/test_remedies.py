"""Does what an error advises work, on the very input that caused it?

A case is a call that fails (the last line; those before it make its input), a pattern of the words
that hold the remedy, the remedy followed, and what is true of the result. What the pattern puts in
brackets is code, or a value, of the message's own: it stands for %1, %2 in the remedy, which is
another call, or statements that change the input before the same call.
"""

import ast
import re
import warnings
from pathlib import Path

import keras
import numpy as np
import pytest

import cnnlib
from cnnlib import (
    activations,
    architectures,
    datasets,
    derivation,
    figures,
    interactive,
    keras_bridge,
    layers,
    operations,
    shapes,
    training,
)
from cnnlib.__main__ import _choose, _network

LIBRARY = Path(cnnlib.__file__).parent
FAULTS = ("ValueError", "TypeError", "LookupError", "KeyError", "IndexError")
MODULES = (
    activations, architectures, datasets, derivation, figures, interactive, keras, keras_bridge,
    np, operations, shapes, training,
)  # fmt: skip
SCOPE = {module.__name__.split(".")[-1]: module for module in MODULES}
SCOPE |= {name: getattr(layers, name) for name in layers.__all__}
SCOPE |= {"np": np, "Network": cnnlib.Network, "_network": _network, "_choose": _choose}
SCOPE |= {
    "photo": np.arange(20 * 30 * 3).reshape(20, 30, 3) % 256,
    "sobel": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "digits": datasets.load_mnist()[1][0][:3],
    "lenet": training.load_lenet5(),
}

HAS = r": (np.*) has them"  # the end of a message, or almost

ARRAYS = [
    (
        "images = photo\noperations.conv2d(images, np.ones((3, 3, 3, 1), int))",
        HAS + ", if it is one image with its channels last$",
        "images = %1",
        "result.shape == (1, 18, 28, 1) and result[0, 0, 0, 0] == photo[:3, :3].sum()",
    ),
    (
        "kernels = sobel\noperations.conv2d(photo[None], kernels)",
        HAS + ", the same for each of 3 channels$",
        "kernels = %1",
        "result[0, 0, 0, 0] == (photo[:3, :3].sum(axis=2) * sobel).sum()",
    ),
    (
        "kernels = sobel\noperations.depthwise_conv2d(photo[None], kernels)",
        HAS + ", the same for each of 3 channels$",
        "kernels = %1",
        "(result[0, 0, 0] == (photo[:3, :3] * sobel[..., None]).sum(axis=(0, 1))).all()",
    ),
    (
        "kernels = sobel\noperations.conv2d(photo[None, ..., :1], kernels)",
        HAS + "$",
        "kernels = %1",
        "result[0, 0, 0, 0] == (photo[:3, :3, 0] * sobel).sum()",
    ),
    (
        "kernels = np.stack([sobel, sobel.T])\noperations.conv2d(photo[None, ..., :1], kernels)",
        HAS + "$",
        "kernels = %1",
        "result[0, 0, 0, 1] == (photo[:3, :3, 0] * sobel.T).sum()",
    ),
    (
        "kernels = np.stack([sobel] * 3, axis=2)\noperations.conv2d(photo[None], kernels)",
        HAS + "$",
        "kernels = %1",
        "result[0, 0, 0, 0] == (photo[:3, :3].sum(axis=2) * sobel).sum()",
    ),
    (
        "kernels = sobel\noperations.conv2d(np.ones((1, 9, 9, 4), int), kernels, groups=2)",
        HAS + ", the same for each of 2 channels$",
        "kernels = %1",
        "result.shape == (1, 7, 7, 2) and not result.any()",
    ),
    (
        "images = digits[0]\noperations.max_pooling2d(images, 28)",
        HAS + ", if it is one grey image$",
        "images = %1",
        "result.ravel() == digits[0].max()",
    ),
    (
        "images = digits\noperations.max_pooling2d(images, 28)",
        r"channels first, .* has them; if it is 3 grey images, (.*)$",
        "images = %1",
        "(result.ravel() == digits.max(axis=(1, 2))).all()",
    ),
    (
        "images = np.moveaxis(photo[:20, :20], 2, 0)\noperations.max_pooling2d(images, 20)",
        r"if it is one image with its channels first, (.*) has them;",
        "images = %1",
        "(result == photo[:20, :20].max(axis=(0, 1))).all()",
    ),
    (
        "images = digits[:2]\noperations.max_pooling2d(images, 28)",
        HAS + ", if it is 2 grey images$",
        "images = %1",
        "(result.ravel() == digits[:2].max(axis=(1, 2))).all()",
    ),
    (
        "images = [[0, 1], [2, 3]]\noperations.conv2d(images, np.ones((2, 2, 1, 1), int))",
        HAS + ", if it is one grey image$",
        "images = %1",
        "result.ravel() == 6",
    ),
    (
        "images = np.zeros(16)\noperations.max_pooling2d(images)",
        r"give each image its rows, columns and channels with (np.reshape)$",
        "images = %1(images, (1, 4, 4, 1))",
        "result.shape == (1, 2, 2, 1)",
    ),
    (
        "images = np.transpose(photo[None], (0, 3, 1, 2))\n"
        "operations.conv2d(images, np.ones((3, 3, 3, 1), int))",
        r"channels seem to stand first, so use (.*)$",
        "images = %1",
        "result.shape == (1, 18, 28, 1) and result[0, 0, 0, 0] == photo[:3, :3].sum()",
    ),
    (
        "images = np.transpose(photo[None], (0, 3, 1, 2))\n"
        "kernels = np.ones((8, 3, 5, 5), int)\noperations.conv2d(images, kernels)",
        r"channels seem to stand first, so use (.*) and (.*)$",
        "images = %1\nkernels = %2",
        "result.shape == (1, 16, 26, 8) and result[0, 0, 0, 7] == photo[:5, :5].sum()",
    ),
    (
        "kernels = np.ones((8, 3, 5, 5), int)\noperations.conv2d(photo[None], kernels)",
        r"channels seem to stand first, so use (.*)$",
        "kernels = %1",
        "result.shape == (1, 16, 26, 8) and result[0, 0, 0, 7] == photo[:5, :5].sum()",
    ),
    (
        "kernels = sobel[..., None, None]\noperations.conv2d(photo[None], kernels)",
        r": (np.*) has the same for each channel$",
        "kernels = %1",
        "result[0, 0, 0, 0] == (photo[:3, :3].sum(axis=2) * sobel).sum()",
    ),
    (
        "images = photo[None, ..., :1]\noperations.conv2d(images, np.ones((3, 3, 3, 1), int))",
        r": (np.*) has the same in each channel$",
        "images = %1",
        "result[0, 0, 0, 0] == 3 * photo[:3, :3, 0].sum()",
    ),
    (
        "operations.conv2d(np.ones((1, 4, 4, 6)), np.ones((2, 2, 3, 4)))",
        r"use (groups=2), or",
        "operations.conv2d(np.ones((1, 4, 4, 6)), np.ones((2, 2, 3, 4)), %1)",
        "(result == 12).all()",
    ),
    (
        "operations.conv2d(np.ones((1, 4, 4, 4)), np.ones((2, 2, 5, 4)))",
        r"(?s)the third axis of the kernels must be channels // groups$",
        "operations.conv2d(np.ones((1, 4, 4, 4)), np.ones((2, 2, 4, 4)))",
        "(result == 16).all()",
    ),
    (
        "operations.conv2d(np.ones((1, 4, 4, 4)), np.ones((2, 2, 2, 6)), groups=3)",
        r"use (groups=2)$",
        "operations.conv2d(np.ones((1, 4, 4, 4)), np.ones((2, 2, 2, 6)), %1)",
        "(result == 8).all()",
    ),
    (
        "images, kernels = digits[..., None], sobel[..., None, None] / 8\n"
        "operations.conv2d(images, kernels)",
        r"convert with images(.*)$",
        "images = images%1",
        "result.dtype == np.float64",
    ),
    (
        "images, kernels = np.ones((1, 2, 2, 1), 'f2'), np.ones((2, 2, 1, 1), 'f2')\n"
        "operations.conv2d(images, kernels)",
        r"convert with (.*) and (.*)$",
        "images = %1\nkernels = %2",
        "result.dtype == np.float32 and result == 4",
    ),
    (
        "images, bias = np.ones((1, 2, 2, 1), 'f4'), [0.5]\n"
        "operations.conv2d(images, np.ones((2, 2, 1, 1), 'f4'), bias)",
        r"convert with (np.asarray.*)$",
        "bias = %1",
        "result.dtype == np.float32 and result == 4.5",
    ),
    (
        "inputs, bias = [[1, 2]], [0.5]\noperations.dense(inputs, [[1], [1]], bias)",
        r"convert with (np.*) and (np.*)$",
        "inputs = %1\noperations.dense(inputs, [[1.0], [1.0]], bias)",
        "result == 3.5",
    ),
    (
        "inputs = [True]\noperations.relu(inputs)",
        r"convert with (.*)$",
        "inputs = %1",
        "result == 1",
    ),
    (
        "inputs = [-1000, 0]\noperations.sigmoid(inputs)",
        r"not integers: convert with (.*)$",
        "inputs = %1",
        "result.tolist() == [0, 0.5]",
    ),
    (
        "inputs = np.ma.masked_greater([1.0, 9.0], 5)\noperations.relu(inputs)",
        r"for example with (.*)$",
        "inputs = %1",
        "result.tolist() == [1, 0]",
    ),
    (
        "operations.relu([[1.0], [1.0, 2.0]])",
        r"make them equally long$",
        "operations.relu([[1.0, 0.0], [1.0, 2.0]])",
        "result.shape == (2, 2)",
    ),
    (
        "inputs = np.array([3 + 4j])\noperations.relu(inputs)",
        r"take one part, (.*) or (.*)$",
        "operations.relu(%1) + operations.relu(%2)",
        "result == 7",
    ),
    (
        "inputs = np.array([1.5, None])\noperations.relu(inputs)",
        r"replace what is none, then convert with (.*)$",
        "inputs[1] = 0\ninputs = %1",
        "result.tolist() == [1.5, 0]",
    ),
    (
        "inputs = np.ones((2, 2, 2))\noperations.dense(inputs, np.ones((4, 1)))",
        r"flatten each first, with (.*)$",
        "inputs = %1",
        "result.tolist() == [[4], [4]]",
    ),
    (
        "inputs = [1.0, 2.0]\noperations.dense(inputs, np.ones((2, 1)))",
        r"flatten each first, with (.*)$",
        "inputs = %1",
        "result == 3",
    ),
    (
        "weights = [1.0, 1.0]\noperations.dense([[1.0, 2.0]], weights)",
        HAS + ", if there is one unit$",
        "weights = %1",
        "result == 3",
    ),
    (
        "inputs = np.ones((4, 2))\noperations.dense(inputs, np.ones((4, 1)))",
        r": (np.*) has it, if there is a column for each$",
        "inputs = %1",
        "result.tolist() == [[4], [4]]",
    ),
    (
        "weights = np.ones((1, 4))\noperations.dense(np.ones((2, 4)), weights)",
        r": or use (np.*), if a row is what one unit takes$",
        "weights = %1",
        "result.tolist() == [[4], [4]]",
    ),
    (
        "bias = np.ones((1, 2))\noperations.dense(np.ones((1, 4)), np.ones((4, 2)), bias)",
        r": (np.reshape.*) has it$",
        "bias = %1",
        "result.tolist() == [[5, 5]]",
    ),
    (
        "operations.relu_gradient([1.0], [1.0, 1.0])",
        r"output_gradient must have the shape (\S+) \(that of the inputs\)",
        "operations.relu_gradient([1.0], np.ones(%1))",
        "result == 1",
    ),
    (
        "logits = [2.0, 1.0]\noperations.cross_entropy(logits, [0])",
        HAS + ", if it is one of N$",
        "logits = %1",
        "round(result, 4) == 0.3133",
    ),
    (
        "logits, labels = [[2.0, 1.0]] * 3, np.zeros((3, 1), int)\n"
        "operations.cross_entropy(logits, labels)",
        r": (np.reshape.*) has it$",
        "labels = %1",
        "round(result, 4) == 0.3133",
    ),
    (
        "labels = np.eye(2)\noperations.cross_entropy([[2.0, 1.0], [1.0, 2.0]], labels)",
        r": (np.argmax.*) makes labels of one-hot rows$",
        "labels = %1",
        "round(result, 4) == 0.3133",
    ),
    (
        "labels = [0.0, 1.0]\noperations.cross_entropy([[2.0, 1.0], [1.0, 2.0]], labels)",
        r"convert with (.*)$",
        "labels = %1",
        "round(result, 4) == 0.3133",
    ),
    (
        "labels = [1, 2]\noperations.cross_entropy([[2.0, 1.0], [1.0, 2.0]], labels)",
        r": (np.subtract.*) begins at 0, if classes are counted from 1$",
        "labels = %1",
        "round(result, 4) == 0.3133",
    ),
    (
        "logits = np.array([[2.0, 1.0], [0.0, 0.0]])\n"
        "labels = np.ma.masked_equal([0, 9], 9)\noperations.cross_entropy(logits, labels)",
        r"leave out what is masked, with (.*) and (.*)$",
        "logits, labels = %1, %2",
        "round(result, 4) == 0.3133",
    ),
    (
        "operations.cross_entropy(np.zeros((0, 2)), np.zeros(0, int))",
        r"give at least one row, and its label$",
        "operations.cross_entropy(np.zeros((1, 2)), np.zeros(1, int))",
        "round(result, 4) == 0.6931",
    ),
    (
        "inputs, weights = np.array([[2**62, 2**62]]), np.array([[1], [1]])\n"
        "operations.dense(inputs, weights)",
        r"or floats, which round: (.*) and (.*)$",
        "inputs, weights = %1, %2",
        "result == 2.0**63",
    ),
    (
        "operations.max_pooling2d(np.ones((1, 4, 4, 1)), 2, padding=2)",
        r"use a padding smaller than the window$",
        "operations.max_pooling2d(np.ones((1, 4, 4, 1)), 2, padding=1)",
        "result.shape == (1, 3, 3, 1) and (result == 1).all()",
    ),
    (
        "operations.max_pooling2d(np.ones((1, 2, 2, 1)), 3)",
        r"use (padding='same'), a smaller window",
        "operations.max_pooling2d(np.ones((1, 2, 2, 1)), 3, %1)",
        "result == 1",
    ),
]

SHAPES = [
    (
        "shapes.output_size(8, 2.0)",
        r"must be a whole number of at least (1), not",
        "shapes.output_size(8, %1)",
        "result == 8",
    ),
    (
        "Conv2D(1, (3, 3, 3))",
        r"must be one whole number or two \(rows, columns\)",
        "Conv2D(1, (3, 3))",
        "result == Conv2D(1, 3)",
    ),
    (
        "Conv2D(1, 3, padding='SAME')",
        r"padding must be one of valid, (same)",
        "Conv2D(1, 3, padding='%1')",
        "result.output_shape((5, 5, 1)) == (5, 5, 1)",
    ),
    (
        "Conv2D(1, 3, padding=(1, 1))",
        r"a whole number or \(\(top, bottom\), \(left, right\)\)",
        "Conv2D(1, 3, padding=((1, 1), (1, 1)))",
        "result.output_shape((5, 5, 1)) == (5, 5, 1)",
    ),
    (
        "Conv2D(1, 3, padding=((1, 1, 1), (1, 1)))",
        r"padding of one axis must be \(before, after\)",
        "Conv2D(1, 3, padding=((1, 1), (1, 1)))",
        "result.output_shape((5, 5, 1)) == (5, 5, 1)",
    ),
    (
        "shapes.Axis(5, 2, ceil_mode=1)",
        r"ceil_mode must be (True) or False",
        "shapes.Axis(5, 2, ceil_mode=%1)",
        "result.count == 4",
    ),
    (
        "TrainableSubsampling(2).output_shape((1, 1, 6))",
        r"; use a smaller window, or drop the layer$",
        "TrainableSubsampling(1).output_shape((1, 1, 6))",
        "result == (1, 1, 6)",
    ),
    (
        "derivation.Equation('area', 'h*w', {'h': 2})",
        r"lacks a number for (w):",
        "derivation.Equation('area', 'h*w', {'h': 2, '%1': 3})",
        "result.value == 6",
    ),
    (
        "derivation.Equation('area', 'h w', {'h': 2, 'w': 3})",
        r"is no Python expression$",
        "derivation.Equation('area', 'h*w', {'h': 2, 'w': 3})",
        "result.value == 6",
    ),
    (
        "derivation.Equation('area', 'h**w', {'h': 2, 'w': 3})",
        r"it may use names, numbers, \+, -, (\*)",
        "derivation.Equation('area', 'h%1h%1h', {'h': 2})",
        "result.value == 8",
    ),
]

LAYERS = [
    (
        "Conv2D(6, 5, name='')",
        r"must be a non-empty string",
        "Conv2D(6, 5, name='C1')",
        "result.name",
    ),
    (
        "Conv2D(6, 5, activation='ReLU')",
        r"must be one of .* (relu),",
        "Conv2D(6, 5, activation='%1')",
        "result.activation == 'relu'",
    ),
    ("Dropout(1)", r"must be a number from (0) to below 1", "Dropout(%1)", "result.rate == 0"),
    (
        "Rescaling(float('inf'))",
        r"must be a finite number",
        "Rescaling(1)",
        "result.output_shape((2,)) == (2,)",
    ),
    ("LeakyReLU(-1)", r"at least (0)", "LeakyReLU(%1)", "result.negative_slope == 0"),
    ("Conv2D(6, 5, use_bias=0)", r"must be True or (False)", "Conv2D(6, 5, use_bias=%1)", "result"),
    (
        "Conv2D(2, 5, connection_table=7)",
        r"must be rows of (True) and (False)",
        "Conv2D(2, 5, connection_table=[[%1, %2], [%2, %1]])",
        "result.output_shape((5, 5, 2)) == (1, 1, 2)",
    ),
    (
        "Conv2D(2, 5, connection_table=[[1, 0], [0, 1]])",
        r"may hold only (True) and (False)",
        "Conv2D(2, 5, connection_table=[[%1, %2], [%2, %1]])",
        "result.output_shape((5, 5, 2)) == (1, 1, 2)",
    ),
    (
        "Conv2D(2, 5, connection_table=[[True, False], [True]])",
        r"one row of booleans for each of 2 filters, all equally long",
        "Conv2D(2, 5, connection_table=[[True, False], [True, False]])",
        "result.output_shape((5, 5, 2)) == (1, 1, 2)",
    ),
    (
        "Conv2D(2, 5, connection_table=[[True, False], [False, False]])",
        r"give it one, or have one filter less$",
        "Conv2D(1, 5, connection_table=[[True, False]])",
        "result.output_shape((5, 5, 2)) == (1, 1, 1)",
    ),
    (
        "Conv2D(2, 5, groups=2, connection_table=[[True, False], [False, True]])",
        r"drop groups$",
        "Conv2D(2, 5, connection_table=[[True, False], [False, True]])",
        "result.output_shape((5, 5, 2)) == (1, 1, 2)",
    ),
    (
        "Conv2D(2, 5, connection_table=[[True], [True]]).output_shape((5, 5, 2))",
        r"give each row 2 entries$",
        "Conv2D(2, 5, connection_table=[[True, True], [True, True]]).output_shape((5, 5, 2))",
        "result == (1, 1, 2)",
    ),
    (
        "Conv2D(5, 3, groups=2)",
        r"use a multiple of (2) filters$",
        "Conv2D(3 * %1, 3, groups=2)",
        "result.filters == 6",
    ),
    (
        "Conv2D(6, 3, groups=3).output_shape((8, 8, 4))",
        r"use (groups=2), or a divisor of it$",
        "Conv2D(6, 3, %1).output_shape((8, 8, 4))",
        "result == (6, 6, 6)",
    ),
    (
        "Conv2D(6, 3).output_shape((784,))",
        r"move it before Flatten, or put (Reshape.*) before it$",
        "Network((784,), [%1, Conv2D(6, 3)]).output_shape",
        "result == (26, 26, 6)",
    ),
    (
        "Conv2D(6, 3, padding='same').output_shape((10,))",
        r"move it before Flatten, or put (Reshape.*) before it$",
        "Network((10,), [%1, Conv2D(6, 3, padding='same')]).output_shape",
        "result == (1, 1, 6)",
    ),
    (
        "Conv2D(6, 3).derive('parameter', (8, 8, 1))",
        r"choose one of output_shape, (parameters),",
        "Conv2D(6, 3).derive('%1', (8, 8, 1))",
        "result.value == 60",
    ),
    (
        "Conv2D(6, 3).output_shape((28, 28))",
        r"a grey image has one channel: \(rows, columns, (1)\)$",
        "Conv2D(6, 3).output_shape((28, 28, %1))",
        "result == (26, 26, 6)",
    ),
    (
        "Softmax(axis=1).output_shape((4, 6, 10))",
        r"use -1, and put (Permute.*) before it$",
        "Network((4, 6, 10), [%1, Softmax(axis=-1)]).output_shape",
        "result == (6, 10, 4)",
    ),
    (
        "RBF(10).to_keras((84,))",
        r"run it with (NumpyModel)$",
        "training.%1(Network((84,), [RBF(10)])).forward(np.ones((1, 84), 'f4'))",
        "result.shape == (1, 10)",
    ),
    (
        "MaxPooling2D(2, ceil_mode=True).to_keras((5, 5, 1))",
        r"leave it at (False)$",
        "MaxPooling2D(2, ceil_mode=%1).to_keras((5, 5, 1))[0][0]",
        "result == 'MaxPooling2D'",
    ),
    (
        "MaxPooling2D(3, padding=1).to_keras((5, 5, 1))",
        r"use one of these, or run it with (NumpyModel)$",
        "training.%1(Network((5, 5, 1), [MaxPooling2D(3, padding=1)]))"
        ".forward(np.ones((1, 5, 5, 1), 'f4'))",
        "result.shape == (1, 2, 2, 1)",
    ),
    (
        "MaxPooling2D(2, padding=2).output_shape((4, 4, 1))",
        r"use a padding smaller than the window$",
        "MaxPooling2D(2, padding=1).output_shape((4, 4, 1))",
        "result == (3, 3, 1)",
    ),
    (
        "ZeroPadding2D('same')",
        r"must be numbers of zeros here",
        "ZeroPadding2D(2).output_shape((4, 4, 1))",
        "result == (8, 8, 1)",
    ),
    (
        "Cropping2D(2).output_shape((4, 4, 1))",
        r"crop less$",
        "Cropping2D(1).output_shape((4, 4, 1))",
        "result == (2, 2, 1)",
    ),
    (
        "CenterCrop(5, 2).output_shape((4, 4, 1))",
        r"use (Resizing.*) to enlarge it$",
        "%1.output_shape((4, 4, 1))",
        "result == (5, 2, 1)",
    ),
    (
        "Dense(10).output_shape((4, 4, 2))",
        r"put (Flatten\(\)) before it to read all 32 values",
        "Network((4, 4, 2), [%1, Dense(10)]).parameters",
        "result == 330",
    ),
    (
        "Dense(10).output_shape((4, 4, 2))",
        r"say (at_each_place=True) if that is meant",
        "Dense(10, %1).output_shape((4, 4, 2))",
        "result == (4, 4, 10)",
    ),
    (
        "PReLU(shared_axes=(1, 2)).weights((10,))",
        r"give axes from 1 to (1)$",
        "PReLU(shared_axes=(%1,)).weights((10,))",
        "result['alpha'].shape == (1,)",
    ),
    (
        "Normalization(mean=0.5)",
        r"give both, or none$",
        "Normalization(mean=0.5, variance=1)",
        "result.variance == 1",
    ),
    (
        "Rescaling((1, 2)).output_shape((4, 4, 3))",
        r"give one for each, or one for all$",
        "Rescaling((1, 2, 3)).output_shape((4, 4, 3)) == Rescaling(1).output_shape((4, 4, 3))",
        "result",
    ),
    (
        "LayerScale(6).weights((4, 4, 3))",
        r"use projection_dim=(3)$",
        "LayerScale(%1).weights((4, 4, 3))",
        "result['gamma'].shape == (3,)",
    ),
    (
        "Dropout(0.5, noise_shape=3)",
        r"must be a list with (None or 1) for each axis",
        "Dropout(0.5, noise_shape=(None, 1))",
        "result.noise_shape == (None, 1)",
    ),
    (
        "Dropout(0.5, noise_shape=(None, 1)).output_shape((4, 4, 3))",
        r"give None or 1 for the batch and for each of 3 axes$",
        "Dropout(0.5, noise_shape=(None, 1, 1, 1)).output_shape((4, 4, 3))",
        "result == (4, 4, 3)",
    ),
    (
        "Augmentation('Flip')",
        r"must be one of .*(RandomFlip)",
        "Augmentation('%1')",
        "result.kind == 'RandomFlip'",
    ),
    (
        "Augmentation('RandomFlip', 'horizontal')",
        r"must be a dictionary of Keras's settings",
        "Augmentation('RandomFlip', {'mode': 'horizontal'})",
        "result.settings['mode'] == 'horizontal'",
    ),
    (
        "Concatenate(axis=0)",
        r"must be (-1) for channels",
        "Concatenate(axis=%1).output_shape(((2, 2, 3), (2, 2, 4)))",
        "result == (2, 2, 7)",
    ),
    (
        "Concatenate(axis=3).output_shape(((3,), (4,)))",
        r"use (axis=-1), the last$",
        "Concatenate(%1).output_shape(((3,), (4,)))",
        "result == (7,)",
    ),
    (
        "Add().output_shape((4, 4, 3))",
        r"give the shape of each",
        "Add().output_shape(((4, 4, 3), (4, 4, 3)))",
        "result == (4, 4, 3)",
    ),
    (
        "Subtract().output_shape(((3,), (3,), (3,)))",
        r"drop branch 3$",
        "Subtract().output_shape(((3,), (3,)))",
        "result == (3,)",
    ),
    (
        "UpSampling2D(2, interpolation='bicubic')",
        r"must be 'nearest' or ('bilinear') here",
        "UpSampling2D(2, interpolation=%1).output_shape((4, 4, 1))",
        "result == (8, 8, 1)",
    ),
    (
        "Conv2DTranspose(1, 2, padding='full')",
        r"must be ('valid') or 'same' here",
        "Conv2DTranspose(1, 2, padding=%1).output_shape((4, 4, 1))",
        "result == (5, 5, 1)",
    ),
    (
        "Reshape((7, 7))",
        r"must be \(rows, columns, channels\) or \(length,\), -1 at most once",
        "Reshape((7, 7, -1)).output_shape((49,))",
        "result == (7, 7, 1)",
    ),
    (
        "Reshape((7, 7, 2)).output_shape((49,))",
        r"use one whose product is (49)$",
        "Reshape((%1,)).output_shape((49,))",
        "result == (49,)",
    ),
    ("Permute((0, 2, 1))", r"or 1, 2 and 3 in some order", "Permute((3, 2, 1))", "result.dims"),
    (
        "Permute((3, 2, 1)).output_shape((49,))",
        r"give (1) in some order$",
        "Permute((%1,)).output_shape((49,))",
        "result == (49,)",
    ),
    (
        "Permute((1,)).output_shape((2, 3, 4))",
        r"give (1, 2, 3) in some order$",
        "Permute((%1)).output_shape((2, 3, 4))",
        "result == (2, 3, 4)",
    ),
]

NETWORKS = [
    (
        "Network((8, 8, 2), [Conv2D(4, 3, name='a'), Add(name='sum')],"
        " inputs={'sum': ('input', 'a')})",
        r"put (Conv2D\(4, 3\)) after input$",
        "Network((8, 8, 2), [Conv2D(4, 3, name='a'), %1, Add(name='sum')],"
        " inputs={'conv2d': 'input', 'sum': ('conv2d', 'a')}).output_shape",
        "result == (6, 6, 4)",
    ),
    (
        "Network((8, 8, 2), [Flatten(name='a'), Concatenate(name='both')],"
        " inputs={'both': ('input', 'a')})",
        r"put (Flatten\(\)) after input$",
        "Network((8, 8, 2), [Flatten(name='a'), %1, Concatenate(name='both')],"
        " inputs={'flatten': 'input', 'both': ('flatten', 'a')}).output_shape",
        "result == (256,)",
    ),
    (
        "Network((8,), [Dense(8, name='a'), Add(name='sum')])",
        r"name them all, inputs=\{('sum'): \(('a'), ...\)\}$",
        "Network((8,), [Dense(8, name='a'), Add(name='sum')], inputs={%1: (%2, 'input')})",
        "result.output_shape == (8,)",
    ),
    (
        "Network((8,), [Dense(8, name='a'), Dense(8, name='b')], inputs={'b': ('a', 'input')})",
        r"join them before it, by (Add\(\)) or Concatenate\(\)$",
        "Network((8,), [Dense(8, name='a'), %1, Dense(8, name='b')],"
        " inputs={'add': ('a', 'input')})",
        "result.output_shape == (8,)",
    ),
    (
        "Network((8,), [Dense(8, name='a')], inputs={'b': 'a'})",
        r"names a row 'b'; there are (a)$",
        "Network((8,), [Dense(8, name='a')], inputs={'%1': 'input'})",
        "result.parameters == 72",
    ),
    (
        "Network((8,), [Dense(8, name='a')], inputs=['a'])",
        r"must name for a row those that feed it, as in \{'sum': \('input', 'conv'\)\}",
        "Network((8,), [Dense(8, name='a')], inputs={'a': ('input',)})",
        "result.parameters == 72",
    ),
    (
        "Network((8,), [Dense(8, name='input')], inputs={'input': 'input'})",
        r"rename it$",
        "Network((8,), [Dense(8, name='a')], inputs={'a': 'input'})",
        "result.parameters == 72",
    ),
    (
        "Network((8,), [Dense(8, name='a')], inputs={'a': 'b'})",
        r"it has (input) before it$",
        "Network((8,), [Dense(8, name='a')], inputs={'a': '%1'})",
        "result.parameters == 72",
    ),
    (
        "Network((8,), [])",
        r"must be a list of at least one layer",
        "Network((8,), [Dense(1)])",
        "result.parameters == 9",
    ),
    (
        "Network((8,), [Dense])",
        r"must be a layer",
        "Network((8,), [Dense(1)])",
        "result.parameters == 9",
    ),
    (
        "Network((8,), [Dense(1)], name='')",
        r"must be a non-empty string",
        "Network((8,), [Dense(1)], name='tiny')",
        "result.name == 'tiny'",
    ),
    (
        "Network((8,), [Dense(1, name='a'), Dense(2, name='a')])",
        r"give each its own name, or the same settings",
        "Network((8,), [Dense(1, name='a'), Dense(2, name='b')])",
        "result.parameters == 13",
    ),
    (
        "Network((8,), [Dense(2, name='a'), Dense(2, name='a')])",
        r"give the layer here a name of its own$",
        "Network((8,), [Dense(2, name='a'), Dense(2, name='b')])",
        "result.parameters == 24",
    ),
    (
        "lenet.network['c1']",
        r"it has (C1),",
        "lenet.network['%1']",
        "result.parameters == 156",
    ),
    (
        "lenet.network.derive('flops')",
        r"choose .*(macs)$",
        "lenet.network.derive('%1')",
        "result.value == 416520",
    ),
    (
        "lenet.network.table('flops')",
        r"it can have .*(macs)",
        "lenet.network.table('%1').totals",
        "result['macs'] == 416520",
    ),
    (
        "lenet.network.macs_as('flops')",
        r"must be one of .*(2mac)",
        "lenet.network.macs_as('%1')",
        "result == 2 * 416520",
    ),
    (
        "lenet.network['C3'].input_patch(10)",
        r"C3 has (10) rows: there is no row 10, for they count from 0$",
        "lenet.network['C3'].input_patch(%1 - 1)",
        "result == ((18, 32), (0, 14))",
    ),
    (
        "net = Network((8,), [Dense(1, name='a'), Dense(2, name='b')], inputs={'b': 'input'})\n"
        "net.output_shape",
        r"ask (outputs\[0\].output_shape)$",
        "net.%1",
        "result == (1,)",
    ),
]

TRAINING = [
    (
        "images = digits.astype('int64')\nlenet.predict(images).argmax(axis=1)",
        r"in int64: (.*) is raw$",
        "images = %1",
        "result.tolist() == [7, 2, 1]",
    ),
    (
        "images = digits / 255\nlenet.predict(images).argmax(axis=1)",
        r"in float64: (.*) is raw$",
        "images = %1",
        "result.tolist() == [7, 2, 1]",
    ),
    (
        "images = digits.reshape(3, 784).astype('f4')\nlenet.predict(images).argmax(axis=1)",
        r"in float32: (.*) is raw$",
        "images = %1",
        "result.tolist() == [7, 2, 1]",
    ),
    (
        "images = digits[..., None]\nlenet.predict(images).argmax(axis=1)",
        r": (np.reshape.*) has the digits so$",
        "images = %1",
        "result.tolist() == [7, 2, 1]",
    ),
    (
        "images = digits[0]\nlenet.predict(images).argmax(axis=1)",
        r": (np.reshape.*) has the digits so$",
        "images = %1",
        "result.tolist() == [7]",
    ),
    (
        "images = datasets.prepare_digits(digits).astype('f2')\n"
        "lenet.predict(images).argmax(axis=1)",
        r"in float16: (.*) has them so$",
        "images = %1",
        "result.tolist() == [7, 2, 1]",
    ),
    (
        "images = datasets.prepare_digits(digits)[..., 0]\nlenet.predict(images).argmax(axis=1)",
        r"in float32: (.*) has them so$",
        "images = %1",
        "result.tolist() == [7, 2, 1]",
    ),
    (
        "images = datasets.prepare_digits(digits)[0]\nlenet.predict(images).argmax(axis=1)",
        r"in float32: (.*) has them so$",
        "images = %1",
        "result.tolist() == [7]",
    ),
    (
        "images = np.moveaxis(datasets.prepare_digits(digits), 3, 1)\n"
        "lenet.predict(images).argmax(axis=1)",
        r"in float32: (.*) has them so$",
        "images = %1",
        "result.tolist() == [7, 2, 1]",
    ),
    (
        "images = datasets.load_pictograms(4)[0]\n"
        "training.NumpyModel(Network((20, 20, 1), [Flatten(), Dense(4)])).predict(images)",
        r"in float32: (.*) has them so$",
        "images = %1",
        "result.shape == (4, 4)",
    ),
    (
        "images = np.moveaxis(photo[:20, :20], 2, 0) / 255\n"
        "training.NumpyModel(Network((20, 20, 3), [Flatten(), Dense(4)])).predict(images)",
        r"in float64: (.*) has them so$",
        "images = %1",
        "result.shape == (1, 4)",
    ),
    (
        "images = np.array([[0, 255]])\n"
        "training.NumpyModel(Network((2,), [Dense(1)]), prepare=np.float32).forward(images)",
        r"in int64: (.*) has them so$",
        "images = %1",
        "result.shape == (1, 1)",
    ),
    (
        "images = np.zeros((1, 20, 20, 1), 'f4')\nlenet.predict(images)",
        r"bring them to this size first, by a frame, by cutting or by drawing them anew$",
        "images = np.pad(images, ((0, 0), (6, 6), (6, 6), (0, 0)))",
        "result.shape == (1, 10)",
    ),
    (
        "images = np.full((1, 32, 32, 1), np.nan, 'f4')\nlenet.predict(images)",
        r"replace the values, as (.*) does$",
        "images = %1",
        "np.isfinite(result)",
    ),
    (
        "images, labels = digits, np.ma.masked_greater([7, 2, 1], 5)\n"
        "lenet.evaluate(images, labels)",
        r"with (.*) and (.*)$",
        "images, labels = %1, %2",
        "result[1] == 1",
    ),
    (
        "lenet.evaluate(digits[:0], [])",
        r"give at least one$",
        "lenet.evaluate(digits[:1], [7])",
        "result[1] == 1",
    ),
    (
        "labels = [-1, 2, 1]\nlenet.evaluate(digits, labels)",
        r"leave out what is of another class",
        "lenet.evaluate(digits[1:], labels[1:])",
        "result[1] == 1",
    ),
    (
        "images = np.ones((1, 4, 4, 1), 'f4')\n"
        "training.NumpyModel(Network((4, 4, 1), [Conv2D(2, 3)])).fit(images, [0], verbose=0)",
        r"add (Flatten\(\)) and (Dense\()classes\)$",
        "training.NumpyModel(Network((4, 4, 1), [Conv2D(2, 3), %1, %22)]))"
        ".fit(images, [0], verbose=0)",
        "len(result.step_losses) == 1",
    ),
    (
        "training.NumpyModel(Network((2,), [Softmax()])).fit(np.ones((1, 2), 'f4'), [0], verbose=0)",
        r"add a layer of them, as (Dense\(2\))$",
        "training.NumpyModel(Network((2,), [%1, Softmax()]))"
        ".fit(np.ones((1, 2), 'f4'), [0], verbose=0)",
        "len(result.step_losses) == 1",
    ),
    (
        "training.NumpyModel(Network((20, 20, 1), [Flatten(), Dense(2)]))"
        ".forward(np.ones((1, 20, 20, 1), 'u1'))",
        r"give digits of 28×28 pixels",
        "training.NumpyModel(Network((28, 28, 1), [Flatten(), Dense(2)]),"
        " prepare=lambda raw: np.float32(raw)[..., None]).forward(digits)",
        "result.shape == (3, 2)",
    ),
    (
        "training.NumpyModel(Network((4,), [Dense(2)]), prepare=lambda raw: raw / 255)"
        ".forward(np.ones((1, 4), 'u1'))",
        r"give NumpyModel\(prepare=...\) a function that returns it so$",
        "training.NumpyModel(Network((4,), [Dense(2)]), prepare=lambda raw: raw / np.float32(255))"
        ".forward(np.ones((1, 4), 'u1'))",
        "result.shape == (1, 2)",
    ),
    (
        "training.NumpyModel(Network((8,), [Dense(8, name='a'), Add(name='sum')],"
        " inputs={'sum': ('input', 'a')}))",
        r"run it with (to_keras\(\))$",
        "Network((8,), [Dense(8, name='a'), Add(name='sum')],"
        " inputs={'sum': ('input', 'a')}).%1.predict(np.ones((1, 8)), verbose=0)",
        "result.shape == (1, 8)",
    ),
    (
        "training.NumpyModel(Network((8,), [Dense(8, activation='mish')]))",
        r"use linear, (relu), .*, or (to_keras\(\))$",
        "training.NumpyModel(Network((8,), [Dense(8, activation='%1')]))"
        ".predict(np.ones((1, 8), 'f4')).shape == Network((8,), [Dense(8, activation='mish')])"
        ".%2.predict(np.ones((1, 8)), verbose=0).shape",
        "result",
    ),
    (
        "training.NumpyModel(Network((4, 4, 1), [Augmentation('RandomFlip'), Flatten(),"
        " Dense(2)])).fit(np.ones((1, 4, 4, 1), 'f4'), [0], verbose=0)",
        r"leave it out, and give fit\(augment=...\) a function$",
        "training.NumpyModel(Network((4, 4, 1), [Flatten(), Dense(2)])).fit("
        "np.ones((1, 4, 4, 1), 'f4'), [0], verbose=0, augment=lambda batch, r: batch[:, ::-1])",
        "len(result.step_losses) == 1",
    ),
    (
        "model = training.NumpyModel(lenet.network)\nsetattr(model, 'weights', {})",
        r"weights in the layers (C1), (C3), .*: give a list of arrays for each$",
        "setattr(model, 'weights', {name: lenet.weights[name] for name in lenet.weights})",
        "model.predict(digits).argmax(axis=1).tolist() == [7, 2, 1]",
    ),
    (
        "model = training.NumpyModel(Network((2,), [Dense(1, name='a')]))\n"
        "arrays = [np.ones((2, 1)), np.zeros(1)]\nsetattr(model, 'weights', {'a': arrays})",
        r"convert each with (.*)$",
        "arrays = [array%1 for array in arrays]",
        "(model.forward(np.ones((1, 2), 'f4')) == 2).all()",
    ),
    (
        "model = training.NumpyModel(Network((2,), [Dense(1, name='a')]))\n"
        "setattr(model, 'weights', {'a': [np.ones((1, 2), 'f4'), np.zeros(1, 'f4')]})",
        r"weights are \(2, 1\) float32, \(1,\) float32, not .*: give such arrays$",
        "setattr(model, 'weights', {'a': [np.ones((2, 1), 'f4'), np.zeros(1, 'f4')]})",
        "(model.forward(np.ones((1, 2), 'f4')) == 2).all()",
    ),
]

DATA = [
    (
        "images = digits / 255\ndatasets.prepare_digits(images)",
        r": (np.*) has the digits so$",
        "images = %1",
        "(result == datasets.prepare_digits(digits)).all()",
    ),
    (
        "images = datasets.prepare_digits(digits)\ndatasets.prepare_digits(images)",
        r"are prepared already: use them as they are$",
        "lenet.predict(images).argmax(axis=1)",
        "result.tolist() == [7, 2, 1]",
    ),
    (
        "images = np.pad(digits, ((0, 0), (2, 2), (2, 2)))[..., None]\n"
        "datasets.prepare_digits(images)",
        r"are prepared but for their range: (.*)$",
        "lenet.predict(%1).argmax(axis=1)",
        "result.tolist() == [7, 2, 1]",
    ),
    (
        "images = np.moveaxis(np.uint8(photo), 2, 0)\ndatasets.to_grey(images)",
        r": (np.*) has them so$",
        "images = %1",
        "(result == datasets.to_grey(np.uint8(photo))).all()",
    ),
    (
        "images = photo / 255\ndatasets.to_grey(images)",
        r": (np.*) has them so$",
        "images = %1",
        "(result == datasets.to_grey(np.uint8(photo))).all()",
    ),
    (
        "datasets.load_pictograms(0)",
        r"must be a whole number, (1) or larger",
        "datasets.load_pictograms(%1)",
        "len(result[0]) == 1",
    ),
    (
        "datasets.load_pictograms(1, noise=-1)",
        r"must be a finite number, (0) or larger",
        "datasets.load_pictograms(1, noise=%1)",
        "len(result[0]) == 1",
    ),
    (
        "datasets.load_pictograms(1, shift=10)",
        r"stay below (size / 2)$",
        "size = 20\ndatasets.load_pictograms(1, shift=%1 - 1)",
        "len(result[0]) == 1",
    ),
    (
        "datasets.load_pictograms(1, scale=2)",
        r"must be a pair \(smallest, largest\)",
        "datasets.load_pictograms(1, scale=(1, 2))",
        "len(result[0]) == 1",
    ),
    (
        "datasets.load_pictograms(1, scale=(2, 1))",
        r"must be a pair \(smallest, largest\) of factors above 0$",
        "datasets.load_pictograms(1, scale=(1, 2))",
        "len(result[0]) == 1",
    ),
    (
        "training.distort(np.ones((1, 1, 9, 1)), np.random.default_rng(0))",
        r"give at least 2 rows and columns$",
        "training.distort(np.ones((1, 2, 9, 1)), np.random.default_rng(0))",
        "result.shape == (1, 2, 9, 1)",
    ),
    (
        "images = digits[..., None]\ntraining.distort(images, np.random.default_rng(0))",
        r"convert with (.*)$",
        "images = %1",
        "result.shape == (3, 28, 28, 1)",
    ),
    (
        "images = digits[:2] / 255\ntraining.distort(images, np.random.default_rng(0))",
        HAS + ", if it is 2 grey images$",
        "images = %1",
        "result.shape == (2, 28, 28, 1)",
    ),
    (
        "training.SGD(learning_rate=0)",
        r"must be a number above 0, or a function of the step",
        "training.SGD(learning_rate=0.1) and training.SGD(learning_rate=lambda step: 0.1)",
        "callable(result.learning_rate)",
    ),
    (
        "training.SGD(momentum=1)",
        r"must be a number from (0) to below 1",
        "training.SGD(momentum=%1)",
        "result.momentum == 0",
    ),
    (
        "training.Adam(epsilon=0)",
        r"must be a number above 0",
        "training.Adam(epsilon=1e-7)",
        "result == training.Adam()",
    ),
    (
        "training.warmup_cosine(0, 0.1, steps=10, warmup=10)",
        r"must be shorter than the 10 steps",
        "training.warmup_cosine(0, 0.1, steps=10, warmup=9)",
        "result == 0",
    ),
    (
        "lenet.fit(digits, [7, 2, 1], optimizer='Adam', verbose=0)",
        r"must be 'sgd', ('adam'),",
        "training.NumpyModel(lenet.network).fit(digits, [7, 2, 1], optimizer=%1, verbose=0)",
        "len(result.step_losses) == 1",
    ),
    (
        "training.NumpyModel(lenet.network).fit(digits, [7, 2, 1], epochs=9,"
        " optimizer=training.SGD(1e9), verbose=0)",
        r"lower the learning rate, which is 1e\+09$",
        "training.NumpyModel(lenet.network).fit(digits, [7, 2, 1], epochs=9,"
        " optimizer=training.SGD(1e-3), verbose=0)",
        "len(result.step_losses) == 9 and result.stopped is None",
    ),
]

SPARED = []

CASES = [*ARRAYS, *SHAPES, *LAYERS, *NETWORKS, *TRAINING, *DATA]


def refused(call, scope):
    """The error of a call's last line, which must be one of ours."""
    *before, last = call.split("\n")
    exec("\n".join(before), scope)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises((ValueError, TypeError, LookupError, RuntimeWarning)) as caught:
            eval(last, scope)
    return caught.value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0].split("\n")[-1])
def test_a_remedy_that_is_followed_gives_what_was_wanted(case):
    call, says, remedy, gives = case
    scope = dict(SCOPE)
    message = str(refused(call, scope).args[0])
    found = re.search(says, message)
    assert found, message
    for number, words in enumerate(found.groups(), 1):
        remedy = remedy.replace(f"%{number}", words)
    *before, last = remedy.split("\n")
    is_call = isinstance(ast.parse(last).body[0], ast.Expr)
    exec("\n".join(before if is_call else [*before, last]), scope)
    result = eval(last if is_call else call.split("\n")[-1], scope)
    assert np.all(eval(gives, scope | {"result": result})), result


def raised_at(error):
    """Where in the library an error was raised, and those that it was made of: (file, line)."""
    places = set()
    while error is not None:
        step = error.__traceback__
        while step:
            path = Path(step.tb_frame.f_code.co_filename)
            if path.is_relative_to(LIBRARY):
                places.add((str(path.relative_to(LIBRARY)), step.tb_lineno))
            step = step.tb_next
        error = error.__cause__ or error.__context__
    return places


def statements():
    """Each statement of the library that raises such an error: where it stands, and its text."""
    for path in sorted(LIBRARY.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                if ast.unparse(node.exc.func) in FAULTS:
                    name = path.relative_to(LIBRARY).as_posix()
                    yield name, range(node.lineno, node.end_lineno + 1), ast.unparse(node.exc)


def test_every_error_of_the_library_has_its_remedy_tried():
    raised = set().union(*(raised_at(refused(case[0], dict(SCOPE))) for case in CASES))
    untried = {
        f"{file}:{lines.start}: {text}"
        for file, lines, text in statements()
        if not any((file, line) in raised for line in lines)
    }
    spared = {
        line
        for line in untried
        for file, words in SPARED
        if line.startswith(file) and words in line
    }
    assert untried - spared == set()
    assert len(spared) == len(SPARED)  # none of them is tried, or gone
