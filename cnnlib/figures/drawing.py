"""How does a figure reach a page: as a small SVG file, the same on every run?

The only module here that imports Matplotlib at its top: the others import it when they draw.
"""

from __future__ import annotations

import io
import re
from base64 import b64decode, b64encode

import matplotlib
from matplotlib.figure import Figure
from PIL import Image, features

from cnnlib.arrays import quiet
from cnnlib.figures.style import NO_METADATA, look

EMBEDDED = re.compile(r"data:image/png;base64,\s*([\w+/=\s]+)")
PIXELS = 128  # a picture no larger than this keeps every pixel as it is


class Drawing(Figure):
    """A Matplotlib figure that pyplot does not know of and that shows itself once, as SVG.

    >>> drawing = Drawing(figsize=(4, 3))
    >>> drawing.to_svg() == drawing.to_svg()
    True
    """

    @quiet
    def to_svg(self) -> str:
        """The text of an SVG file, its photographs as WebP: a tenth of what PNG takes."""
        buffer = io.StringIO()
        with matplotlib.rc_context(look()):
            self.savefig(buffer, format="svg", metadata=NO_METADATA)
        return EMBEDDED.sub(_lighter, buffer.getvalue())

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display({"image/svg+xml": self.to_svg(), "text/plain": repr(self)}, raw=True)


def _lighter(png: re.Match[str]) -> str:
    picture = Image.open(io.BytesIO(b64decode(png[1])))
    if max(picture.size) <= PIXELS or not features.check("webp"):
        return png[0]
    buffer = io.BytesIO()
    picture.save(buffer, "webp", quality=85, method=6)
    return "data:image/webp;base64," + b64encode(buffer.getvalue()).decode()
