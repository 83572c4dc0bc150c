"""What does a page have to know of the kinds of layers, to read a model's file by itself?"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

from cnnlib import layers
from cnnlib.language import say
from cnnlib.layers.base import ALONE, SILENT
from cnnlib.layers.settings import FUNCTIONS

NEEDED = "?"  # for a setting that has no default
OF_KERAS_2 = {layers.LeakyReLU: ("alpha",)}  # names of settings on which no count depends


def known_kinds() -> dict[str, Any]:
    """Each kind of the library that Keras has, with its names and its settings there.

    >>> known_kinds()["kinds"]["Dense"]["own"]
    {'units': '?', 'activation': None, 'use_bias': True}

    `own` are settings and what they are unasked, of a kind that keeps whatever there is None;
    `alone` are Keras's own with the values that mean the same as leaving them out, and these in
    words; `silent` mean nothing here. What is empty, or one name, the kind's, is not there. What a
    kind gives and costs is computed in `js/kinds.js` and those beside it.
    """
    classes = [getattr(layers, name) for name in layers.__all__]
    return {
        "kinds": {k.__name__: _told(k) for k in classes if getattr(k, "keras_kinds", ())},
        "alone": _values(ALONE),
        "silent": SILENT.pattern,
        "functions": FUNCTIONS,
        "needed": NEEDED,
    }


def _told(kind: Any) -> dict[str, Any]:
    own = {
        field.name: NEEDED if field.default is MISSING else field.default
        for field in fields(kind)
        if field.init and field.name not in ("name", "trainable", *kind.ours_alone)
    }
    told = {
        "names": kind.keras_kinds,
        "own": None if kind is layers.Augmentation else own,
        "alone": _values(kind.keras_alone),
        "silent": (*kind.keras_silent, *OF_KERAS_2.get(kind, ())),
    }
    if kind.keras_kinds == (kind.__name__,):
        del told["names"]
    return {key: value for key, value in told.items() if value is None or value}


def _values(alone: dict[str, tuple]) -> dict[str, tuple[tuple, str]]:
    return {name: (values, say(" or ").join(map(repr, values))) for name, values in alone.items()}
