"""Which colours does the course use? They stand here alone: figures and style sheets take them."""

from __future__ import annotations

INK, GREY, FAINT, PAPER = "#1a1a1a", "#6b6b6b", "#d0d0d0", "#ffffff"
# Blue, vermilion and bluish green of Okabe and Ito (2008), Color Universal Design.
ROLES = {"input": "#0072b2", "kernel": "#d55e00", "output": "#009e73", "plain": "#8c8c8c"}
NEGATIVE = "#a6478b"
FILLS = {ROLES["kernel"]: "#e69f00"}  # Okabe and Ito's orange: clear as a surface, faint as a line
SERIES = (INK, "#3a95d0", NEGATIVE, "#8a7000", "#5e3c99", "#777777")
WEIGHTS = (ROLES["kernel"], *SERIES[1:], INK)


def fill(colour: str) -> str:
    """The colour of a surface whose lines have this colour."""
    return FILLS.get(colour, colour)


def tint(colour: str, share: float) -> tuple[float, ...]:
    """The colour as a surface, thinned with white: share 0 is white, 1 the full colour."""
    from matplotlib.colors import to_rgb

    return tuple(1 - share * (1 - channel) for channel in to_rgb(fill(colour)))


# A style sheet's custom properties: on a light page, on a dark one. Text has a contrast of 4.5 to 1
# on both, lines have one of 3 to 1.
PROPERTIES = {
    "ink": (INK, "#ececec"),
    "grey": ("#5c5c5c", "#b0b4ba"),
    "faint": (FAINT, "#444b57"),
    "paper": (PAPER, "#171b21"),
    "raised": ("#f3f4f6", "#252b34"),
    "wrong": ("#b3261e", "#ff9b92"),
    "input": (ROLES["input"], "#56b4e9"),
    "kernel": (ROLES["kernel"], "#f5a04a"),
    "output": (ROLES["output"], "#2fc495"),
    "negative": (NEGATIVE, "#e39ad0"),
    "weight-2": (WEIGHTS[1], "#6cb8ee"),
    "weight-4": (WEIGHTS[3], "#cbb13c"),
    "weight-5": (WEIGHTS[4], "#b39ddb"),
    "weight-6": (WEIGHTS[5], "#a0a4aa"),
    "kernel-fill": (fill(ROLES["kernel"]), ROLES["kernel"]),
    **{f"{role}-fill": (ROLES[role], ROLES[role]) for role in ("input", "output", "plain")},
    "negative-fill": (NEGATIVE, NEGATIVE),
}


def style_sheet() -> str:
    """The custom properties of a figure to touch; on paper it is light.

    >>> style_sheet().count("--kernel: ")
    2
    """
    light, dark = (
        "".join(f"--{name}: {pair[page]};" for name, pair in PROPERTIES.items()) for page in (0, 1)
    )
    return f":host {{{light}}}\n@media not print {{:host([data-dark]) {{{dark}}}}}"
