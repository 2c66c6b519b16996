"""Papers per year and venue as one small SVG with its numbers beside it; no script, no picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from citeworks.site.paper import Paper

SERIES = 5
"""Venues with a colour of their own; the rest share one."""
OTHERS = "Other venues"
COLORS = ("#0b57a4", "#b45309", "#2f7d4f", "#8b3a8f", "#a3293d", "#6b7280")
_SVG = "http://www.w3.org/2000/svg"
_WIDTH, _HEIGHT, _TOP, _BOTTOM = 640, 170, 14, 22
_MOST_BARS = 60
_LABEL_WIDTH = 30


Counted = Iterable[tuple[int, str]]
"""A year and a venue (or nothing) for every paper that is counted."""


def dump(papers: Sequence[Paper]) -> str:
    """A figure of stacked bars, a year each, with its numbers; nothing for fewer than two years."""
    years, names, counts = _count(
        (int(paper.year), paper.venue) for paper in papers if paper.year.lstrip("-").isdigit()
    )
    if len(years) < 2:
        return ""
    caption = f"Papers per year and venue, {years[0]}–{years[-1]}"
    return (
        '<figure aria-labelledby="chart">'
        f'<figcaption id="chart" class="faint">{caption}</figcaption>'
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{caption}">'
        f"{_bars(years, names, counts)}</svg>"
        f"{_legend(names)}{_table(years, names, counts)}</figure>"
    )


def svg(counted: Counted) -> str:
    """The bars and their key as a picture that stands for itself (SVG 1.1)."""
    years, names, counts = _count(counted)
    if not years:
        return f'<svg xmlns="{_SVG}" viewBox="0 0 {_WIDTH} {_HEIGHT}"></svg>\n'
    keys = "".join(
        f'<rect class="s{index}" x="4" y="{_HEIGHT + 16 * index}" width="10" height="10"/>'
        f'<text x="20" y="{_HEIGHT + 16 * index + 9}">{escape(name)}</text>'
        for index, name in enumerate(names)
    )
    colors = "".join(f".s{index}{{fill:{color}}}" for index, color in enumerate(COLORS))
    return (
        f'<svg xmlns="{_SVG}" viewBox="0 0 {_WIDTH} {_HEIGHT + 16 * len(names)}">'
        f"<style>text{{font:11px sans-serif}}line{{stroke:#888}}{colors}</style>"
        f"{_bars(years, names, counts)}{keys}</svg>\n"
    )


def _count(counted: Counted) -> tuple[range, list[str], Counter[tuple[int, str]]]:
    """The years that are drawn, the series, and the number of papers of each."""
    pairs = list(counted)
    if not pairs:
        return range(0), [], Counter()
    last = max(year for year, _ in pairs)
    first = max(min(year for year, _ in pairs), last - _MOST_BARS + 1)
    names = _series([venue for _, venue in pairs])
    counts = Counter(
        (year, venue if venue in names else OTHERS) for year, venue in pairs if year >= first
    )
    return range(first, last + 1), names, counts


def _series(venues: Sequence[str]) -> list[str]:
    found = Counter(venue for venue in venues if venue)
    ranked = sorted(found, key=lambda venue: (-found[venue], venue))[:SERIES]
    covered = sum(found[venue] for venue in ranked)
    return [*ranked, OTHERS] if covered < len(venues) else ranked


def _bars(years: range, names: Sequence[str], counts: Counter[tuple[int, str]]) -> str:
    totals = {year: sum(counts[year, name] for name in names) for year in years}
    step = _WIDTH / len(years)
    scale = (_HEIGHT - _TOP - _BOTTOM) / max(totals.values())
    every = max(1, -(-_LABEL_WIDTH // int(step or 1)))
    base = _HEIGHT - _BOTTOM
    drawn = [f'<line x1="0" x2="{_WIDTH}" y1="{base}" y2="{base}"/>']
    for place, year in enumerate(years):
        left, top = place * step, float(base)
        for index, name in enumerate(names):
            height = counts[year, name] * scale
            if not height:
                continue
            top -= height
            drawn.append(
                f'<rect class="s{index}" x="{left + step * 0.12:.1f}" y="{top:.1f}" '
                f'width="{step * 0.76:.1f}" height="{height:.1f}">'
                f"<title>{year}, {escape(name)}: {counts[year, name]}</title></rect>"
            )
        middle = left + step / 2
        if totals[year] and step >= 14:
            drawn.append(_label(middle, top - 3, totals[year]))
        if (years[-1] - year) % every == 0:
            drawn.append(_label(middle, _HEIGHT - 6, year))
    return "".join(drawn)


def _label(x: float, y: float, text: object) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{text}</text>'


def _legend(names: Sequence[str]) -> str:
    rows = "".join(
        f'<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="s{index}" width="10" '
        f'height="10"/></svg>{escape(name)}</li>'
        for index, name in enumerate(names)
    )
    return f'<ul class="key">{rows}</ul>'


def _table(years: range, names: Sequence[str], counts: Counter[tuple[int, str]]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    rows = "".join(
        f'<tr><th scope="row">{year}</th>'
        + "".join(f"<td>{counts[year, name] or ''}</td>" for name in names)
        + "</tr>"
        for year in reversed(years)
        if any(counts[year, name] for name in names)
    )
    return (
        "<details><summary>The numbers</summary>"
        f'<table><thead><tr><th scope="col">Year</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></details>"
    )
