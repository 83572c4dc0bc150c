"""How does the reader touch it, with no kernel running?

Every function returns a figure that a notebook shows when it is a cell's last line.
"""

from .connections import connection_explorer
from .convolution import convolution_stepper
from .digits import digit_reader
from .ledger import parameter_ledger
from .questions import Option, Question, quiz
from .receptive_fields import receptive_field_explorer
from .shape import shape_calculator

__all__ = [
    "Option",
    "Question",
    "connection_explorer",
    "convolution_stepper",
    "digit_reader",
    "parameter_ledger",
    "quiz",
    "receptive_field_explorer",
    "shape_calculator",
]
