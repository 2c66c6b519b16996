"""Papers per year and venue as one small SVG with its numbers beside it; no script, no picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from citeworks.site.paper import Paper

SERIES = 5
"""Venues with a colour of their own; the rest share one."""
OTHERS = "Other venues"
_WIDTH, _HEIGHT, _TOP, _BOTTOM = 640, 170, 14, 22
_MOST_BARS = 60
_LABEL_WIDTH = 30


def dump(papers: Sequence[Paper]) -> str:
    """A figure of stacked bars, a year each; nothing for fewer than two years."""
    years = [int(paper.year) for paper in papers if paper.year.lstrip("-").isdigit()]
    if len(set(years)) < 2:
        return ""
    last = max(years)
    first = max(min(years), last - _MOST_BARS + 1)
    names = _series(papers)
    counts = Counter(
        (int(paper.year), _name(paper, names))
        for paper in papers
        if paper.year.lstrip("-").isdigit() and int(paper.year) >= first
    )
    bars = _bars(range(first, last + 1), names, counts)
    caption = f"Papers per year and venue, {first}–{last}"
    return (
        '<figure aria-labelledby="chart">'
        f'<figcaption id="chart" class="faint">{caption}</figcaption>'
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{caption}">{bars}</svg>'
        f"{_legend(names)}{_table(range(first, last + 1), names, counts)}</figure>"
    )


def _series(papers: Sequence[Paper]) -> list[str]:
    found = Counter(paper.venue for paper in papers if paper.venue)
    ranked = sorted(found, key=lambda venue: (-found[venue], venue))[:SERIES]
    covered = sum(found[venue] for venue in ranked)
    return [*ranked, OTHERS] if covered < len(papers) else ranked


def _name(paper: Paper, names: Sequence[str]) -> str:
    return paper.venue if paper.venue in names else OTHERS


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
