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
    language,
    layers,
    operations,
    questions,
    scalars,
    shapes,
    training,
)
from cnnlib.__main__ import _choose, _network

LIBRARY = Path(cnnlib.__file__).parent
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation")  # h5py's, in saving
FAULTS = ("ValueError", "TypeError", "LookupError", "KeyError", "IndexError")
MODULES = (
    activations, architectures, datasets, derivation, figures, interactive, keras, keras_bridge,
    language, np, operations, questions, scalars, shapes, training,
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
        "operations.conv2d(np.ones((1, 4, 4, 1)), np.ones((2, 2, 1, 0)))",
        r"no axis may be 0 long$",
        "operations.conv2d(np.ones((1, 4, 4, 1)), np.ones((2, 2, 1, 1)))",
        "(result == 4).all()",
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
        "kernels = np.ones((8, 3, 5, 4), int)\noperations.conv2d(images, kernels)",
        r"channels seem to stand first, so use (.*) and (.*)$",
        "images = %1\nkernels = %2",
        "result.shape == (1, 16, 27, 8) and result[0, 0, 0, 7] == photo[:5, :4].sum()",
    ),
    (
        "kernels = np.ones((8, 3, 5, 4), int)\noperations.conv2d(photo[None], kernels)",
        r"channels seem to stand first, so use (.*)$",
        "kernels = %1",
        "result.shape == (1, 16, 27, 8) and result[0, 0, 0, 7] == photo[:5, :4].sum()",
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
        r"must be one of nearest, (bilinear), not",
        "UpSampling2D(2, interpolation='%1').output_shape((4, 4, 1))",
        "result == (8, 8, 1)",
    ),
    (
        "Conv2DTranspose(1, 2, padding='full')",
        r"must be one of (valid), same, not",
        "Conv2DTranspose(1, 2, padding='%1').output_shape((4, 4, 1))",
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
        "images = np.array([[0, 255, 9]])\ntake = lambda raw: np.float32(raw[:, :2])\n"
        "training.NumpyModel(Network((2,), [Dense(1)]), prepare=take).forward(images)",
        r": (.*) is raw, if that is what `prepare` takes$",
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
        "training.NumpyModel(Network((2,), [Softmax()]))"
        ".fit(np.ones((1, 2), 'f4'), [0], verbose=0)",
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

FIGURES = [
    (
        "figures.draw_grids([np.zeros((40, 40))])",
        r"draw a patch, or use (draw_images)$",
        "figures.draw_grids([np.zeros((4, 4))]) and figures.%1([np.zeros((40, 40))])",
        "result.axes",
    ),
    (
        "figures.draw_confusion(np.eye(9), names=['a long name' * 3] * 9)",
        r"draw fewer or smaller things, or shorten their names$",
        "figures.draw_confusion(np.eye(9), names=['name'] * 9)",
        "result.axes",
    ),
    (
        "figures.draw_connections([np.ones((99, 99))])",
        r": (draw_matrix) shows larger layers$",
        "figures.%1(np.ones((99, 99)))",
        "result.axes",
    ),
    (
        "figures.draw_connections(np.ones((2, 3)), weights=[np.ones((3, 2))])",
        r"give the number of a weight for each connection$",
        "figures.draw_connections(np.ones((2, 3)), weights=[np.ones((2, 3))])",
        "result.axes",
    ),
    (
        "figures.draw_connections(np.ones((2, 3)), unit=2)",
        r"there are (2), counted from 0$",
        "figures.draw_connections(np.ones((2, 3)), unit=%1 - 1)",
        "result.axes",
    ),
    (
        "figures.draw_gradient_graph({'x': 2}, [])",
        r"at least one, such as (.*), not \[\]$",
        "figures.draw_gradient_graph({'x': 2, 'w': 3}, [%1])",
        "result.axes",
    ),
    (
        "figures.draw_forward_graph([2, 3], [('y', 'square', 'x')])",
        r"names and numbers, as in (.*), not",
        "figures.draw_forward_graph(%1, [('y', 'square', 'x')])",
        "result.axes",
    ),
    (
        "scalars.work_out({'x': '2'}, [('y', 'square', 'x')])",
        r"a number such as (2) or -0.5, not '2'$",
        "scalars.work_out({'x': %1}, [('y', 'square', 'x')])['y'].value",
        "result == 4",
    ),
    (
        "scalars.work_out({'the input': 2}, [('y', 'square', 'the input')])",
        r"1 to 8 characters without a space, such as '(w1)', not",
        "scalars.work_out({'%1': 2}, [('y', 'square', '%1')])['y'].value",
        "result == 4",
    ),
    (
        "scalars.work_out({'x': 2, 'w': 3}, ['multiply'])",
        r"\(name, operation, operand, ...\) as in (.*), not",
        "scalars.work_out({'x': 2, 'w': 3}, [%1])['y'].value",
        "result == 6",
    ),
    (
        "scalars.work_out({'x': 2}, [('x', 'square', 'x')])",
        r"give each value and each step its own name$",
        "scalars.work_out({'x': 2}, [('y', 'square', 'x')])['y'].value",
        "result == 4",
    ),
    (
        "scalars.work_out({'x': 2, 'w': 3}, [('y', 'times', 'x', 'w')])",
        r"must be one of add, subtract, (multiply), .*, not 'times'$",
        "scalars.work_out({'x': 2, 'w': 3}, [('y', '%1', 'x', 'w')])['y'].value",
        "result == 6",
    ),
    (
        "scalars.work_out({'x': 2, 'w': 3}, [('y', 'multiply', 'x', 'w1')])",
        r"there are x, (w)$",
        "scalars.work_out({'x': 2, 'w': 3}, [('y', 'multiply', 'x', '%1')])['y'].value",
        "result == 6",
    ),
    (
        "scalars.work_out({'x': 2, 'w': 3}, [('y', 'multiply', 'x', 'w', 'x')])",
        r"takes (2) operands, not 3$",
        "scalars.work_out({'x': 2, 'w': 3}, [('y', 'multiply', *['x', 'w', 'x'][:%1])])['y'].value",
        "result == 6",
    ),
    (
        "scalars.work_out({'x': 2, 'w': 3}, [('y', 'square', 'x')])",
        r"no step reads w: use it before the last step, or leave it out$",
        "scalars.work_out({'x': 2}, [('y', 'square', 'x')])['y'].value",
        "result == 4",
    ),
    (
        "scalars.work_out({'x': 2000}, [('y', 'square', 'x')])",
        r"y or its gradient comes to more than 1,000,000, .*: make the values smaller$",
        "scalars.work_out({'x': 20}, [('y', 'square', 'x')])['y'].value",
        "result == 400",
    ),
    (
        "figures.draw_layers([np.ones((2, 3)), np.ones((2, 3))])",
        r"give matrices \(units, inputs\), first layer first$",
        "figures.draw_layers([np.ones((2, 3)), np.ones((3, 2))])",
        "result.axes",
    ),
    (
        "figures.draw_layers([np.ones((2, 3))], unit=(1, 2))",
        r"the columns have \[3, (2)\] units$",
        "figures.draw_layers([np.ones((2, 3))], unit=(1, %1 - 1))",
        "result.axes",
    ),
    (
        "figures.draw_grids([np.eye(4)], patches=[((0, 5), (0, 2))])",
        r"give \(\(top, bottom\), \(left, right\)\), half open and counted from 0$",
        "figures.draw_grids([np.eye(4)], patches=[((0, 4), (0, 2))])",
        "result.axes",
    ),
    (
        "figures.draw_grids([np.eye(4)], patches=[(0, 4)])",
        r"a patch is \(\(top, bottom\), \(left, right\)\)",
        "figures.draw_grids([np.eye(4)], patches=[((0, 4), (0, 4))])",
        "result.axes",
    ),
    (
        "figures.draw_grids([np.eye(4)], roles=['image'])",
        r"roles are (input),",
        "figures.draw_grids([np.eye(4)], roles=['%1'])",
        "result.axes",
    ),
    (
        "figures.draw_convolution_step(np.eye(3), np.eye(2), row=2, col=0)",
        r"the output is (2) × 2: it has no cell \(2, 0\), counted from 0$",
        "figures.draw_convolution_step(np.eye(3), np.eye(2), row=%1 - 1, col=0)",
        "result.axes",
    ),
    (
        "figures.draw_images([])",
        r"give at least one$",
        "figures.draw_images([np.eye(3)])",
        "result.axes",
    ),
    (
        "image = photo.astype(float)\nfigures.draw_images([image])",
        r"scale them by (.*)$",
        "image = %1",
        "result.axes",
    ),
    (
        "image = photo - 128.0\nfigures.draw_images([image])",
        r"scale them by (.*)$",
        "image = %1",
        "result.axes",
    ),
    (
        "image = np.moveaxis(np.uint8(photo), 2, 0)\nfigures.draw_images([image])",
        r"its channels stand first, so use (.*)$",
        "image = %1",
        "result.axes",
    ),
    (
        "figures.draw_receptive_field((8, 8), {})",
        r"give 1 to \d by name$",
        "figures.draw_receptive_field((8, 8), {'C1': ((0, 5), (0, 5))})",
        "result.axes",
    ),
    (
        "figures.draw_curves({'loss': ([1, 2], [3])}, 'epoch', 'loss')",
        r"give one of each for every point",
        "figures.draw_curves({'loss': ([1, 2], [3, 2])}, 'epoch', 'loss')",
        "result.axes",
    ),
    (
        "figures.draw_curves({'loss': [3, 2]}, '', 'loss')",
        r"a plot needs both labels",
        "figures.draw_curves({'loss': [3, 2]}, 'epoch', 'loss')",
        "result.axes",
    ),
    (
        "figures.draw_confusion([[1, 2]])",
        r"give a row and a column for each class$",
        "figures.draw_confusion([[1, 2], [0, 3]])",
        "result.axes",
    ),
    (
        "answers = [[3.0, 1.0]]\nfigures.draw_digits_with_probabilities(digits[0], answers)",
        r"apply a (softmax) first$",
        "answers = operations.%1(answers)",
        "result.axes",
    ),
    (
        "figures.draw_network([])",
        r"give at least one \(name, shape\)$",
        "figures.draw_network([('C1', (28, 28, 6))])",
        "result.axes",
    ),
    (
        "figures.draw_network([('C1',)])",
        r"a layer is \(name, shape\) or",
        "figures.draw_network([('C1', (28, 28, 6))])",
        "result.axes",
    ),
    (
        "figures.draw_ledger(['C1'], {})",
        r"give at least one label with its values$",
        "figures.draw_ledger(['C1'], {'MACs': [1]})",
        "result.axes",
    ),
    (
        "figures.draw_ledger(['C1'], {'MACs': [0]})",
        r"costs cannot be negative, nor all of them zero$",
        "figures.draw_ledger(['C1'], {'MACs': [1]})",
        "result.axes",
    ),
    (
        "figures.draw_confusion([1, 2])",
        r"must have (2) axes and a number",
        "figures.draw_confusion(np.ones((2,) * %1))",
        "result.axes",
    ),
    (
        "matrix = np.array([[1, np.nan], [0, 3]])\nfigures.draw_confusion(matrix)",
        r"replace such values, or leave them out$",
        "matrix = np.nan_to_num(matrix)",
        "result.axes",
    ),
    (
        "matrix = np.ma.masked_equal([[1, 2], [9, 3]], 9)\nfigures.draw_confusion(matrix)",
        r"replace such values, or leave them out$",
        "matrix = matrix.filled(0)",
        "result.axes",
    ),
    (
        "figures.draw_confusion('many')",
        r"must be an array of numbers",
        "figures.draw_confusion([[1, 0], [0, 1]])",
        "result.axes",
    ),
    (
        "figures.draw_images([np.eye(3)], titles=['a', 'b'])",
        r"2 titles for 1: give one for each$",
        "figures.draw_images([np.eye(3)], titles=['a'])",
        "result.axes",
    ),
]

YES, NO = "interactive.Option('yes', 'It is.')", "interactive.Option('no', 'It is not.')"
RIGHT = YES.replace("')", "', right=True)")
TOUCHED = [
    (
        "interactive.shape_calculator(padding=(1, 1))",
        r"must be one of valid, (same), .* or a whole number",
        "interactive.shape_calculator(padding='%1')",
        "result",
    ),
    (
        "interactive.connection_explorer(size=99)",
        r"must be at most (\d+) in this figure",
        "interactive.connection_explorer(size=%1)",
        "result",
    ),
    (
        "interactive.connection_explorer(kind='sparse')",
        r"must be one of .*(local)",
        "interactive.connection_explorer(kind='%1')",
        "result",
    ),
    (
        "interactive.parameter_ledger('lenet5')",
        r"must each be a Network",
        "interactive.parameter_ledger(architectures.lenet5())",
        "result",
    ),
    (
        "interactive.digit_reader(training.NumpyModel(architectures.lenet5_1998()))",
        r"must be a NumpyModel of (architectures.lenet5\(\)), not",
        "interactive.digit_reader(training.NumpyModel(%1))",
        "result",
    ),
    (
        "model = training.NumpyModel(architectures.lenet5())\n"
        "setattr(model, 'weights', {n: [a + 1e9 for a in w] for n, w in model.weights.items()})\n"
        "interactive.digit_reader(model)",
        r"train it anew$",
        "model = training.NumpyModel(architectures.lenet5())",
        "result",
    ),
    (
        "interactive.receptive_field_explorer('lenet5')",
        r"must be a Network",
        "interactive.receptive_field_explorer(architectures.lenet5())",
        "result",
    ),
    (
        "interactive.receptive_field_explorer(Network((257, 8, 1), [Conv2D(1, 3)]))",
        r"images of at most (256)×256$",
        "interactive.receptive_field_explorer(Network((%1, 8, 1), [Conv2D(1, 3)]))",
        "result",
    ),
    (
        "interactive.receptive_field_explorer("
        "Network((8, 8, 1), [Conv2D(1, 3), UpSampling2D(2, name='up')]))",
        r"cannot draw what up reads, .*: end before it$",
        "interactive.receptive_field_explorer(Network((8, 8, 1), [Conv2D(1, 3)]))",
        "result",
    ),
    (
        "net = Network((8, 8, 1), [Conv2D(1, 3, padding='same', name='a'), Add(name='sum')],"
        " inputs={'sum': ('input', 'a')})\ninteractive.receptive_field_explorer(net)",
        r"ask (row.input_patch\()i, j\), or give it a chain$",
        "row = net['sum']\n%14, 4)",
        "result == ((3, 6), (3, 6))",
    ),
    ("interactive.Option('', 'It is.')", r"must be words", YES, "result.text == 'yes'"),
    (
        "interactive.Option('`yes', 'It is.')",
        r"opens a backtick and does not close it",
        "interactive.Option('`yes`', 'It is.')",
        "result.text == '`yes`'",
    ),
    (
        "interactive.Option('yes', 'It is.', right=1)",
        r"right must be (True) or False",
        "interactive.Option('yes', 'It is.', right=%1)",
        "result.right",
    ),
    (
        f"interactive.Question('Is it?', [{RIGHT}, {YES}])",
        r"yes is there twice; each must differ$",
        f"interactive.Question('Is it?', [{RIGHT}, {NO}])",
        "len(result.options) == 2",
    ),
    (
        f"interactive.Question('Is it?', [{RIGHT}])",
        r"must be at least (2), not 1$",
        f"interactive.Question('Is it?', [{RIGHT}, {NO}][:%1])",
        "len(result.options) == 2",
    ),
    (
        "interactive.Question('Is it?', 'yes')",
        r"must be a list of Option",
        f"interactive.Question('Is it?', [{RIGHT}, {NO}])",
        "len(result.options) == 2",
    ),
    (
        f"interactive.Question('Is it?', [{YES}, {NO}])",
        r"mark exactly one with (right=True)$",
        f"interactive.Question('Is it?', [interactive.Option('yes', 'It is.', %1), {NO}])",
        "len(result.options) == 2",
    ),
    (
        f"asked = [interactive.Question('Is it?', [{RIGHT}, {NO}])]\n"
        "links = [interactive.Link('lesson 1', '#slide')] * 2\n"
        "interactive.quiz(asked, links=links)",
        r"1 questions have 2 links: give each its own, or none$",
        "links = links[: len(asked)]",
        "result.fallback.count('href') == 1",
    ),
    (
        "language.use('zh-CN')",
        r"there are en, (\w+)$",
        "language.use('%1')",
        "language.current() == 'zh' and language.use('en') is None",
    ),
    (
        "questions.of('06-receptive-fields')",
        r"the names are .*\b(receptive-fields),",
        "questions.of('%1')",
        "len(result) == 5",
    ),
    (
        "questions.recall('convolution')",
        r"recall begins in '(.*)'$",
        "questions.recall('%1')",
        "len(result.options['questions']) == 1",
    ),
    (
        "interactive.guess_point('How many?', 1, 2, 0)",
        r"low must be below high",
        "interactive.guess_point('How many?', 1, 0, 2)",
        "result",
    ),
    (
        "interactive.guess_point('How many?', 3, 0, 2)",
        r"must lie from low to high, 0 to (2)$",
        "interactive.guess_point('How many?', %1, 0, 2)",
        "result",
    ),
    (
        "interactive.guess_point('How many?', 1, 0, 2, logarithmic=True)",
        r"a logarithmic axis begins above 0",
        "interactive.guess_point('How many?', 1, 1e-3, 2, logarithmic=True)",
        "result",
    ),
    (
        "interactive.guess_choice('Which?', ['a', 'a'], 'a')",
        r"two or more different answers",
        "interactive.guess_choice('Which?', ['a', 'b'], 'a')",
        "result",
    ),
    (
        "interactive.guess_choice('Which?', ['a', 'b'], 'c')",
        r"must be one of (a), b$",
        "interactive.guess_choice('Which?', ['a', 'b'], '%1')",
        "result",
    ),
    (
        "interactive.guess_number('', 1)",
        r"must be words",
        "interactive.guess_number('How many?', 1)",
        "result",
    ),
    (
        "interactive.guess_number('How many?', '1')",
        r"must be a number",
        "interactive.guess_number('How many?', 1)",
        "result",
    ),
]

# An image of 8×8, a layer, and what comes of it in a row.
CHAIN = "Network.from_keras(keras.Sequential([keras.Input((8, 8, 1)), {}, keras.layers.Flatten()]))"
TINY = "keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])"
X = "x = keras.Input((3,))\n"
CONFIG = (
    "config = {'name': 'tiny', 'build_input_shape': [None, 3], 'layers':"
    " [{'class_name': 'Dense', 'config': {'name': 'out', 'units': 2}}]}\n"
)
GRAPH = (
    "tensor = lambda name: {'class_name': '__keras_tensor__', 'config':"
    " {'keras_history': [*name.split('/'), 0, 0][:1] + [0, int((name + '/0').split('/')[1])]}}\n"
    "node = lambda names: [{'args': [[*map(tensor, names)]], 'kwargs': {}}] * bool(names)\n"
    "layer = lambda kind, name, *names, **settings: {'class_name': kind, 'name': name,"
    " 'config': {'name': name, **settings}, 'inbound_nodes': node(names)}\n"
    "net = lambda *layers: Network.from_keras({'name': 'net', 'input_layers': [['x', 0, 0]],"
    " 'output_layers': [['out', 0, 0]], 'layers': [layer('InputLayer', 'x', batch_shape=[None, 3]),"
    " *layers]})\n"
)
KERAS = [
    (
        CHAIN.format("keras.layers.RandomCrop(4, 4)"),
        r"put (CenterCrop\(4, 4\)) in its place",
        CHAIN.format("keras.layers.%1"),
        "result.output_shape == (16,)",
    ),
    (
        CHAIN.format("keras.layers.Lambda(lambda x: x)"),
        r"put a layer of Keras's in its place, such as (Rescaling)$",
        CHAIN.format("keras.layers.%1(1)"),
        "result.output_shape == (64,)",
    ),
    (
        CONFIG + "config['layers'][0]['config']['activation'] = {'class_name': 'function',"
        " 'module': 'mine', 'config': 'bent'}\nNetwork.from_keras(config)",
        r"its activation bent is none of Keras's own .*: use one by its name$",
        "config['layers'][0]['config']['activation'] = 'relu'",
        "result.parameters == 8",
    ),
    (
        CHAIN.format("keras.layers.Conv2D(2, 3, dtype='float16')"),
        r"only ('float32') can, so build the model with it$",
        CHAIN.format("keras.layers.Conv2D(2, 3, dtype=%1)"),
        "result.output_shape == (72,)",
    ),
    (
        "Network.from_keras(keras.Sequential([keras.Input((8, 3)), keras.layers.Conv1D(2, 3)]))",
        r"of a sequence make a row, (keras.Input.*), with (Conv2D)\(filters, \(1, k\)\)",
        "Network.from_keras(keras.Sequential([%1, keras.layers.%2(2, (1, 3))])).parameters,"
        " keras.Sequential([keras.Input((8, 3)), keras.layers.Conv1D(2, 3)]).count_params()",
        "result[0] == result[1] == 20",
    ),
    (
        "Network.from_keras(keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten()]))",
        r"a grey image has one channel, (keras.Input\(\(28, 28, 1\)\));",
        "Network.from_keras(keras.Sequential([%1, keras.layers.Flatten()]))",
        "result.output_shape == (784,)",
    ),
    (
        CONFIG + "config['layers'][0]['class_name'] = 'Conv1D'\nNetwork.from_keras(config)",
        r"build the model with (Conv2D) over images of one row, its windows \(1, k\)$",
        CHAIN.format("keras.layers.%1(2, (1, 3))"),
        "result.output_shape == (96,)",
    ),
    (
        "Network.from_keras(keras.Sequential([keras.Input((9,)), keras.layers.Embedding(9, 2)]))",
        r"supported are .*(Dense)",
        "Network.from_keras(keras.Sequential([keras.Input((9,)), keras.layers.%1(2)]))",
        "result.parameters == 20",
    ),
    (
        CONFIG + "config['layers'][0]['class_name'] = 'Denze'\nNetwork.from_keras(config)",
        r"if (Dense) is meant, name it so",
        "config['layers'][0]['class_name'] = '%1'",
        "result.parameters == 8",
    ),
    (
        CONFIG + "config['layers'][0]['module'] = 'mine'\nNetwork.from_keras(config)",
        r"for it may compute anything: .*supported are .*(Dense)",
        f"Network.from_keras({TINY})",
        "result.parameters == 8",
    ),
    (
        X + "Network.from_keras(keras.Model(x, keras.ops.relu(x)))",
        r"use a layer of (keras.layers) for it$",
        "Network.from_keras(keras.Model(x, %1.ReLU()(x)))",
        "result.output_shape == (3,)",
    ),
    (
        X + "Network.from_keras(keras.Model(x, keras.layers.Dropout(0.5)(x, training=True)))",
        r"training=True, which cannot be read: leave it out$",
        "Network.from_keras(keras.Model(x, keras.layers.Dropout(0.5)(x)))",
        "result.output_shape == (3,)",
    ),
    (
        X + "y = keras.Input((3,))\nmodel = keras.Model([x, y], [keras.layers.Dense(2)(x),"
        " keras.layers.Dense(4)(y)])\nNetwork.from_keras(model)",
        r"as (keras.Model\()one_input, its_output\)$",
        "Network.from_keras(%1x, model.outputs[0]))",
        "result.output_shape == (2,)",
    ),
    (
        X + "y = keras.layers.Dense(2)(x)\nmodel = keras.Model(x, [y, keras.layers.Dense(4)(y)])\n"
        "Network.from_keras(model)",
        r"read (keras.Model\(model.inputs, )the outputs that feed nothing\)$",
        "Network.from_keras(%1model.outputs[1:]))",
        "result.output_shape == (4,)",
    ),
    (
        "Network.from_keras(keras.layers.Dense(2))",
        r"only a Keras model, a file of one or its get_config\(\) can be read",
        f"Network.from_keras({TINY})",
        "result.parameters == 8",
    ),
    (
        "model = keras.Sequential([keras.Input((None, None, 1)), keras.layers.Conv2D(2, 3)])\n"
        "Network.from_keras(model)",
        r"as in from_keras\(..., (input_shape=\(.*?\))\)",
        "Network.from_keras(model, %1)",
        "result.output_shape == (222, 222, 2)",
    ),
    (
        f"model = {TINY}\nNetwork.from_keras(model, input_shape=(4,))",
        r"leave it out$",
        "Network.from_keras(model)",
        "result.parameters == 8",
    ),
    (
        "Network.from_keras(keras.Sequential([keras.Input((3,))]))",
        r"has no layer behind its input: add one$",
        f"Network.from_keras({TINY})",
        "result.parameters == 8",
    ),
    (
        CONFIG + "config['build_input_shape'] = [None, 0]\nNetwork.from_keras(config)",
        r"tiny: input: each size of input_shape must be a whole number of at least (1),",
        "config['build_input_shape'] = [None, %1]",
        "result.parameters == 4",
    ),
    (
        "class Two(keras.Model): call = lambda self, x: keras.layers.Dense(2, name='d')(x)\n\n"
        "model = Two()\nNetwork.from_keras(model)",
        r"read (keras.Model\(x, model.call\(x\)\)), where x = (keras.Input\()shape\)$",
        "x = %2(3,))\nmodel = %1",
        "result.parameters == 8",
    ),
    (
        "class Odd(keras.layers.Layer): __init__ = lambda self, f: super(Odd, self).__init__()\n\n"
        "Network.from_keras(keras.Sequential([keras.Input((3,)), Odd(np.ones(1))]))",
        r"use layers and functions of Keras's, by name$",
        f"Network.from_keras({TINY})",
        "result.parameters == 8",
    ),
    (
        "model = architectures.lenet5().to_keras()\nkeras_bridge.set_weights(model, {})",
        r"give a list of arrays for each of the model's$",
        "keras_bridge.set_weights(model, lenet.weights)",
        "(keras_bridge.get_weights(model)['C1'][0] == lenet.weights['C1'][0]).all()",
    ),
    (
        "model = Network((3,), [Dense(2, name='out')]).to_keras()\n"
        "keras_bridge.set_weights(model, {'out': [np.ones((2, 3)), np.ones(2)]})",
        r"have the shapes \[(\(3, 2\)), (\(2,\))\], not .*: give such arrays$",
        "keras_bridge.set_weights(model, {'out': [np.ones(%1), np.ones(%2)]})",
        "(model(np.ones((1, 3))).numpy() == 4).all()",
    ),
    (
        "Network((3,), [Dense(2, name='the end')]).to_keras()",
        r"is of letters, digits, _ . and - only: rename it$",
        "Network((3,), [Dense(2, name='the_end')]).to_keras().count_params()",
        "result == 8",
    ),
    (
        CONFIG + "del config['layers'][0]['config']['units']\nNetwork.from_keras(config)",
        r"its configuration lacks units: save the model anew$",
        f"Network.from_keras({TINY}.get_config())",
        "result.parameters == 8",
    ),
    (
        CONFIG + "del config['layers'][0]['config']\nNetwork.from_keras(config)",
        r"the configuration is damaged: .*; save the model anew$",
        f"Network.from_keras({TINY}.get_config())",
        "result.parameters == 8",
    ),
    (
        GRAPH + "net(layer('Dense', 'd', 'out', units=3), layer('Dense', 'out', 'd', units=2))",
        r"(d|out) is fed by its own output, in a circle: save the model anew$",
        "net(layer('Dense', 'd', 'x', units=3), layer('Dense', 'out', 'd', units=2))",
        "result.parameters == 20",
    ),
    (
        GRAPH + "net(layer('Dense', 'out', 'd', units=2))",
        r"the layer ('d') is missing, which feeds others: save it anew$",
        "net(layer('Dense', %1, 'x', units=3), layer('Dense', 'out', 'd', units=2))",
        "result.parameters == 20",
    ),
    (
        GRAPH + "net(layer('Dense', 'd', units=3), layer('Dense', 'out', 'd', units=2))",
        r"d: its call 0 is missing; save the model anew$",
        "net(layer('Dense', 'd', 'x', units=3), layer('Dense', 'out', 'd', units=2))",
        "result.parameters == 20",
    ),
    (
        GRAPH + "net(layer('Dense', 'd', 'x/1', units=3), layer('Dense', 'out', 'd', units=2))",
        r"x has no output 1, which d reads: save the model anew$",
        "net(layer('Dense', 'd', 'x', units=3), layer('Dense', 'out', 'd', units=2))",
        "result.parameters == 20",
    ),
    (
        GRAPH + "net(layer('Dense', 'd', 'x', units=4), layer('Add', 'out', 'x', 'd'))",
        r"out: input gives 3 and d gives 4, .*: put Dense\((4)\) after input$",
        "net(layer('Dense', 'd', 'x', units=4), layer('Dense', 'e', 'x', units=%1),"
        " layer('Add', 'out', 'e', 'd'))",
        "result.output_shape == (4,)",
    ),
]

SAVE = f"{TINY}.save('model.keras')\n"
FILES = [
    (
        "open('model.keras', 'w').close()\nNetwork.from_keras('model.keras')",
        r"save the model anew, as (model.keras)$",
        SAVE + "Network.from_keras('%1')",
        "result.parameters == 8",
    ),
    (
        "Network.from_keras('.')",
        r"save the model in one file, as (model.keras)$",
        SAVE + "Network.from_keras('%1')",
        "result.parameters == 8",
    ),
    (
        "open('model.json', 'w').close()\nNetwork.from_keras('model.json')",
        r"its configuration is damaged .*: save the model anew$",
        SAVE + "Network.from_keras('model.keras')",
        "result.parameters == 8",
    ),
    (
        "with open('model.json', 'w') as file: file.write('[' * 999)\n\n"
        "Network.from_keras('model.json')",
        r"its brackets lie more than 500 deep: it is no model$",
        SAVE + "Network.from_keras('model.keras')",
        "result.parameters == 8",
    ),
    (
        "Network.from_keras('none.keras')",
        r"there is no such file$",
        SAVE + "Network.from_keras('model.keras')",
        "result.parameters == 8",
    ),
    (
        f"{TINY}.save_weights('a.weights.h5')\nNetwork.from_keras('a.weights.h5')",
        r"save the whole model, as (model.keras)$",
        SAVE + "Network.from_keras('%1')",
        "result.parameters == 8",
    ),
    (
        SAVE + "_network('model.keras', 'three')",
        r"is whole numbers, as in (224,224,3), not",
        "keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(2, 3)])"
        ".save('model.keras')\n_network('model.keras', '%1')",
        "result.output_shape == (222, 222, 2)",
    ),
    (
        "_network('lenet', None)",
        r"Did you mean (lenet5)\?$",
        "_network('%1', None)",
        "result.parameters == 61706",
    ),
]

UNFINISHED = "for who writes a new kind: it names the method that is missing, and no call mends it"
CAUGHT = "caught, and said again with the file's name: FILES tries it"
SPARED = [
    ("layers/base.py", "cannot run a", UNFINISHED),
    ("layers/base.py", "is the formula for its parameters", UNFINISHED),
    ("layers/", "does not say", UNFINISHED),
    ("network.py", "Keras counts", "a fault of ours or of Keras's, of which no model is known"),
    ("shipped.py", "with SHA-256", "git mends it: test_datasets.py damages a file"),
    ("keras_config.py", "brackets lie more than", CAUGHT),
    ("keras_config.py", "it holds weights alone", CAUGHT),
    ("keras_config.py", "bytes: it is no model", "64 MB; test_keras_config.py says so of a bomb"),
    (
        "keras_config.py",
        "asks for h5py",
        "another environment: test_keras_config.py takes h5py away",
    ),
]

CASES = [*ARRAYS, *SHAPES, *LAYERS, *NETWORKS, *TRAINING, *DATA, *FIGURES, *TOUCHED, *KERAS, *FILES]


def refused(call, scope):
    """The error of a call's last line, which must be one of ours."""
    *before, last = call.split("\n")
    exec("\n".join(before), scope)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises((ValueError, TypeError, LookupError, RuntimeWarning)) as caught:
            eval(last, scope)
    return caught.value


@pytest.fixture(autouse=True)
def _folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


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
            if isinstance(node, ast.Raise) and ast.unparse(node.exc or node).startswith(FAULTS):
                name = path.relative_to(LIBRARY).as_posix()
                yield name, range(node.lineno, node.end_lineno + 1), ast.unparse(node.exc)


def test_every_error_of_the_library_has_its_remedy_tried():
    raised = set().union(*(raised_at(refused(case[0], dict(SCOPE))) for case in CASES))
    untried = {
        f"{file}:{lines.start}: {text}"
        for file, lines, text in statements()
        if not any((file, line) in raised for line in lines)
    }
    for file, words, _ in SPARED:
        some = {line for line in untried if line.startswith(file) and words in line}
        assert some, f"{words!r} is tried, or gone"
        untried -= some
    assert untried == set()
