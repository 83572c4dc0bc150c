"""How do we draw it (Matplotlib)?

Every function returns a Matplotlib Figure, which a notebook shows when it is a cell's last line.
"""

from .connections import draw_connections, draw_layers, draw_matrix
from .graphs import draw_forward_graph, draw_gradient_graph
from .grids import draw_convolution_step, draw_grid, draw_grids, draw_logo
from .images import draw_images, draw_kernels, draw_receptive_field
from .learning import draw_confusion, draw_curves, draw_digits_with_probabilities
from .overviews import draw_ledger, draw_network, draw_windows
from .palette import NEGATIVE, ROLES, SERIES
from .style import use_style

__all__ = [
    "NEGATIVE",
    "ROLES",
    "SERIES",
    "draw_confusion",
    "draw_connections",
    "draw_convolution_step",
    "draw_curves",
    "draw_digits_with_probabilities",
    "draw_forward_graph",
    "draw_gradient_graph",
    "draw_grid",
    "draw_grids",
    "draw_images",
    "draw_kernels",
    "draw_layers",
    "draw_ledger",
    "draw_logo",
    "draw_matrix",
    "draw_network",
    "draw_receptive_field",
    "draw_windows",
    "use_style",
]
