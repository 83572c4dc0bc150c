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


# A style sheet's custom properties, on a light page and on a dark one: text has a contrast of
# 4.5 to 1 on both, lines have one of 3 to 1. What is not in the dark is as in the light.
LIGHT = {
    "ink": INK,
    "grey": "#5c5c5c",
    "faint": FAINT,
    "paper": PAPER,
    "raised": "#f3f4f6",
    "wrong": "#b3261e",
    "negative": NEGATIVE,
    "negative-fill": fill(NEGATIVE),
    **ROLES,
    **{f"{role}-fill": fill(colour) for role, colour in ROLES.items()},
    **{f"weight-{i}": colour for i, colour in enumerate(WEIGHTS, 1)},
}
DARK = {
    "ink": "#ececec",
    "grey": "#b0b4ba",
    "faint": "#444b57",
    "paper": "#171b21",
    "raised": "#252b34",
    "wrong": "#ff9b92",
    "negative": "#e39ad0",
    "input": "#56b4e9",
    "kernel": "#f5a04a",
    "output": "#2fc495",
    "kernel-fill": ROLES["kernel"],
}
DARK |= {
    "weight-1": DARK["kernel"],
    "weight-2": "#6cb8ee",
    "weight-3": DARK["negative"],
    "weight-4": "#cbb13c",
    "weight-5": "#b39ddb",
    "weight-6": "#a0a4aa",
    "weight-7": DARK["ink"],
}


def style_sheet() -> str:
    """The custom properties of a figure to touch; on paper it is light.

    >>> style_sheet().count("--kernel: ")
    2
    """
    light, dark = (
        "\n".join(f"--{name}: {colour};" for name, colour in colours.items())
        for colours in (LIGHT, DARK)
    )
    return f":host {{\n{light}\n}}\n@media not print {{\n:host([data-dark]) {{\n{dark}\n}}\n}}"
