"""What are the library's own numbers called, in the reader's language?"""

from __future__ import annotations

from functools import cache

from cnnlib.language import current, say


def called(name: str) -> str:
    """What equations and tables call a number of this name.

    >>> called("output_shape")
    'output shape'

    A name that is not the library's, such as that of a layer, stays as it is.
    """
    return _words(current()).get(name, name)


@cache
def _words(language: str) -> dict[str, str]:
    """The library's names in the language that is spoken, which is this one."""
    return {
        # costs and sizes
        "activation_bytes": say("activation bytes"),
        "bytes": say("bytes"),
        "channels": say("channels"),
        "connections": say("connections"),
        "height": say("height"),
        "input_shape": say("input shape"),
        "length": say("length"),
        "macs": say("macs"),
        "non_trainable_parameters": say("non trainable parameters"),
        "output_shape": say("output shape"),
        "parameter_bytes": say("parameter bytes"),
        "parameters": say("parameters"),
        "trainable_parameters": say("trainable parameters"),
        "units": say("units"),
        "width": say("width"),
        # windows, and what a unit sees
        "column jump": say("column jump"),
        "column size": say("column size"),
        "column start": say("column start"),
        "first": say("first"),
        "jump": say("jump"),
        "last": say("last"),
        "misalignment": say("misalignment"),
        "receptive_field": say("receptive field"),
        "row jump": say("row jump"),
        "row size": say("row size"),
        "row start": say("row start"),
        "size": say("size"),
        "start": say("start"),
        "window": say("window"),
        "windows": say("windows"),
        "zeros": say("zeros"),
        # what else a table tells
        "fed_by": say("fed by"),
        "kind": say("kind"),
        "layer": say("layer"),
        "total": say("total"),
    }
