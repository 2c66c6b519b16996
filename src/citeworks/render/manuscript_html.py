"""A manuscript as one HTML page: Markdown by markdown-it, citations by our processor."""

from __future__ import annotations

from html import escape

from citeworks.render.manuscript import Manuscript, front_value

_STYLE = (
    "body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1rem/1.55 serif}"
    ".csl-entry{margin:.4em 0 .4em 2em;text-indent:-2em}"
    ".csl-left-margin{float:left}.csl-right-inline{margin-left:2em;text-indent:0}"
)


def dump(manuscript: Manuscript) -> str:
    """The page; its title is the one of the front matter."""
    title = front_value(manuscript.text, "title")
    language = front_value(manuscript.text, "lang") or "en"
    heading = f"<h1>{escape(title)}</h1>\n" if title else ""
    body = manuscript.put_citations(_body(manuscript))
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title or 'Document')}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{heading}{body}</body>\n</html>\n"
    )


def _body(manuscript: Manuscript) -> str:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)
    html: str = parser.render(manuscript.body)
    return html.replace(f"<p>{manuscript.bibliography_mark}</p>\n", _bibliography(manuscript))


def _bibliography(manuscript: Manuscript) -> str:
    if not manuscript.entries:
        return ""
    rows = "\n".join(
        entry.replace("<div ", f'<div id="ref-{escape(key)}" ', 1)
        for key, entry in manuscript.entries
    )
    return f'<div id="refs" class="references csl-bib-body">\n{rows}\n</div>\n'
