"""How does the reader touch it, with no kernel running?

Every function returns a figure that a notebook shows when it is a cell's last line.
"""

from .calculator import shape_calculator
from .choices import Link, Option, Question, quiz
from .costs import parameter_ledger
from .digits import digit_reader
from .guesses import guess_choice, guess_number, guess_point
from .links import connection_explorer
from .receptive_fields import receptive_field_explorer
from .slopes import gradient_stepper
from .stepper import convolution_stepper

__all__ = [
    "Link",
    "Option",
    "Question",
    "connection_explorer",
    "convolution_stepper",
    "digit_reader",
    "gradient_stepper",
    "guess_choice",
    "guess_number",
    "guess_point",
    "parameter_ledger",
    "quiz",
    "receptive_field_explorer",
    "shape_calculator",
]
