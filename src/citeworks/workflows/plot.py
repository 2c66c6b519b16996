"""The numbers of a library as a picture: SVG, or PNG by matplotlib (``citeworks[plot]``)."""

from __future__ import annotations

import io
from collections import Counter

from citeworks.errors import InputError
from citeworks.site import chart
from citeworks.workflows.stats import Statistics


def svg(found: Statistics) -> str:
    """Papers per year and venue as SVG."""
    return chart.svg(found.dated)


def png(found: Statistics) -> bytes:
    """Papers per year as PNG. Raises InputError when matplotlib is not installed."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise InputError(
            "drawing a PNG needs matplotlib",
            hint="install citeworks[plot], or draw an .svg file",
        ) from error
    figure = Figure(figsize=(8, 3), dpi=150, layout="constrained")
    axes = figure.add_subplot()
    years = Counter(year for year, _ in found.dated)
    axes.bar(list(years), list(years.values()), color=chart.COLORS[0])
    axes.set_ylabel("papers")
    axes.spines[["top", "right"]].set_visible(False)
    file = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(file, format="png")
    return file.getvalue()
