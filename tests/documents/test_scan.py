"""What each syntax cites, where, and what only looks like it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeworks.documents import SYNTAXES, scan, syntax_of
from citeworks.errors import InputError


def keys(text: str, syntax: str = "latex", *kinds: str) -> list[str]:
    wanted = kinds or ("cite", "nocite")
    return [each.key for each in scan(text, syntax).citations if each.kind in wanted]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\cite{a}", "a"),
        (r"\cite{a,b , c}", "a b c"),
        (r"\cite[see][p.~3]{a}", "a"),
        (r"\citep*[{]}, p. 2]{a}", "a"),
        (r"\Citet{a}\citealp{b}\citeyearpar{c}\citefullauthor{d}", "a b c d"),
        (r"\parencite{a}\Textcite{b}\footcite[3]{c}\autocite*{d}\supercite{e}", "a b c d e"),
        (r"\cites(pre)(post)[1]{a}[2][3]{b,c}{d} text {not}", "a b c d"),
        (r"\footcitetexts{a}{b}", "a b"),
        (r"\volcite[see]{2}[p. 3]{a} \volcites{1}{a2}{2}[4]{b2}", "a a2 b2"),
        (r"\citefield{a}{title} \citetitle{b}", "a b"),
        (r"\onlinecite{a}\shortcite{b}\citeA{c}\citeNP{d}\bibentry{e}", "a b c d e"),
        (r"\nocite{a}", "a"),
        ("\\cite{a,%\n  b}", "a b"),
        ("\\cite%\n [p. 2]\n {a}", "a"),
        (r"\cite{DBLP:conf/x/Y-Z_1.2+3} \cite{été2020}", "DBLP:conf/x/Y-Z_1.2+3 été2020"),
        (r"\cite<see>[p. 3]{a}", "a"),
        (r"% \cite{a}", ""),
        (r"50\% \cite{a}", "a"),
        (r"\\cite{a}", ""),
        (r"\verb|\cite{a}| \verb*+\cite{b}+ \lstinline!\cite{c}! \lstinline{\cite{d}}", ""),
        ("\\begin{verbatim}\n\\cite{a}\n\\end{verbatim}\\cite{b}", "b"),
        ("\\begin{lstlisting}[x]\n% \\end{lstlisting} \\cite{a}", "a"),
        ("% \\begin{verbatim}\n\\cite{a}", "a"),
        (r"\iffalse \cite{a} \fi \cite{b}", "b"),
        ("\\begin{document}\\cite{a}\\end{document}\\cite{b}", "a"),
        (r"\newcommand{\mycite}[1]{\cite{#1}}", ""),
        (r"\citestyle{apa} \bibcite{a}{1} \DeclareCiteCommand{\x}{y} \AtEveryCite{z}", ""),
        (r"\url{http://x/%20} \cite{a}", "a"),
        (r"\cite{}", ""),
        (r"\cite", ""),
        (r"\setcitestyle{authoryear,round} \def\citehelp{foo} \newcommand\citex{bar}", ""),
        (r"\textcquote[12]{a}[.]{Said} \foreignblockcquote{german}[3]{b}{Gesagt}", "a b"),
        (r"\begin{displaycquote}[3]{a}Said\end{displaycquote}", "a"),
        (r"\defbibentryset{set}{a, b}\cite{set}", "a b set"),
        (
            r"\mintinline{tex}|\cite{a}| \Verb{\cite{b}} \begin{Verbatim*}\cite{c}\end{Verbatim*}",
            "",
        ),
    ],
)
def test_latex(text: str, expected: str) -> None:
    assert keys(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\newcommand{\see}[1]{(see \cite{#1})} \see{a} \seen{b}", "a"),
        (r"\newcommand*{\see}[2][]{\cite[#1]{#2}} \see[p. 3]{a} \see{b,c}", "a b c"),
        (r"\newcommand{\pcite}[2]{\cite[p.~#1]{#2}} \pcite{12}{a}", "a"),
        (r"\newcommand\see[2]{\cite{#1}; \cite{#2}}\see{a}{b}", "a b"),
        (r"\NewDocumentCommand{\see}{s O{} m}{\cite[#2]{#3}} \see*[x]{a} \see{b}", "a b"),
        (r"\NewDocumentCommand\see{d<> m D(){x}}{\cite{#2}} \see<x>{a}(y) \see{b}", "a b"),
        (r"\NewDocumentCommand\see{e{_^} m}{\cite{#2}} \see{a}", ""),
        (r"\def\see#1{\cite{#1}} \see{a}", "a"),
        (r"\let\see=\textcite \see[3]{a} \let\seeone\see \seeone{b}", "a b"),
        (r"\newcommand{\see}{\citep} \see[3]{a}", "a"),
        (r"\newcommand{\see}[1]{\cite{#1}} \newcommand{\two}[1]{(\see{#1})} \two{a}", "a"),
        (r"\newcommand{\citeneeded}[1]{[citation needed: #1]} \citeneeded{when}", ""),
        (r"\newcommand{\own}{\cite{a}} \own{} text {not}", "a"),
        (r"\newcommand{\mycite}{\@ifstar\my@s\my@n} \mycite{a}", "a"),
        (r"\let\see\see \see{a} \let\x\y \let\y\x \x{b}", ""),
        (r"\newcommand{\see}[1]{\cite{#1", ""),
        ("\\lstnewenvironment{code}{}{}\\begin{code}\\cite{a}\\end{code}", ""),
        ("\\newminted{python}{x}\\begin{pythoncode}\\cite{a}\\end{pythoncode}\\cite{b}", "b"),
    ],
)
def test_the_authors_own_latex_commands(text: str, expected: str) -> None:
    assert keys(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\iffalse \cite{a} \ifx\y\z \cite{b} \else \cite{c} \fi \cite{d} \fi \cite{e}", "e"),
        (r"\iffalse \cite{a} \else \cite{b} \fi \cite{c}", "b c"),
        (r"\iftrue \cite{a} \else \cite{b} \fi \cite{c}", "a c"),
        (r"\iftrue \cite{a} \iffalse \cite{b} \fi \cite{c} \fi", "a c"),
        (r"\newif\ifdraft \iffalse \ifdraft \fi \cite{a} \fi \cite{b}", "b"),
        (r"\iffalse \ifthenelse{\x}{y}{z} $a \iff b$ \cite{a} \fi \cite{b}", "b"),
        (r"\ifdraft \cite{a} \else \cite{b} \fi", "a b"),
        (r"\if01 \cite{a} \fi \fi \else \cite{b}", "b"),
        (r"\iffalse \ifodd \cite{a} \fi \cite{b}", "b"),
        (r"\iffalse \cite{a}", ""),
    ],
)
def test_what_tex_skips_for_certain_cites_nothing(text: str, expected: str) -> None:
    assert keys(text) == expected.split()


def test_latex_places_parts_and_bibliographies() -> None:
    found = scan(
        "a\n  \\cite[x]{one,\n two}\n\\nocite{*}\\input{sub/a}\\input b\n"
        "\\subimport{dir/}{c}\\bibliography{x,y}\\addbibresource{z.bib}",
        "latex",
    )
    assert [(each.key, each.line, each.column, each.kind) for each in found.citations] == [
        ("one", 2, 12, "cite"),
        ("two", 3, 2, "cite"),
        ("*", 4, 9, "all"),
    ]
    assert found.cites_everything
    assert [(each.path, each.base) for each in found.parts] == [
        ("sub/a", ""),
        ("b", ""),
        ("c", "dir/"),
    ]
    assert [each.path for each in found.bibliographies] == ["x", "y", "z.bib"]
    assert found.dialect == "biblatex"
    assert scan(r"\bibliography{x}\includeonly{a}\includegraphics{b}", "latex").parts == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[see @a, pp. 3; -@b] and @c says", "a b c"),
        ("@a.", "a"),
        ("(@a), “@b”, *@c*", "a b c"),
        ("@a:b.c/d_e-f#g++", "a:b.c/d_e-f#g"),
        ("@{https://x.org/a?b=c} [@{a b}]", "https://x.org/a?b=c"),
        ("me@example.org <you@example.org> [x](mailto:he@x.org) <https://x/@y>", ""),
        (r"\@a @b", "b"),
        ("`@a` ``x ` @b`` @c", "c"),
        ("```r\n@a\n```\n@b\n~~~\n@c\n", "b"),
        ("text\n\n    @a\n\n@b", "b"),
        ("- item\n\n    @a continues\n", "a"),
        ("<!-- @a --> @b", "b"),
        ('<a href="x@y">@b</a>', "b"),
        (r"\citep{a} and `\cite{b}`", "a"),
        ("@été2020 @_x @1", "été2020 _x 1"),
        ("[^1]: see @a", "a"),
        ("unclosed ` tick @a", "a"),
        ('[x]{k="@a"} @{k=b} `c`{k="@d"} @e', "k=b e"),
        ("$@a$ and $$ x\n@b $$ but $5 @c and $6", "c"),
        ("\\begin{align}\n@a \\cite{b}\n\\end{align}\n@c", "b c"),
        ("(@good) An example\n\nAs (@good) shows, (@a) says.", "a"),
        ("- item\n\n      @a\n\n1. item\n\n   @b\n\n       @c\n\n@d", "b d"),
        ("> @a\n>\n>     @b\n>\n> ```\n> @c\n> ```\n> @d\n\n@e", "a d e"),
        ("Term\n\n:   Text @a\n\n        @b\n\n[^1]: Note\n\n    @c\n\n        @d", "a c"),
        ("[^1]: @a\n\n```\n@b\n```\n\n    @c\n", "a"),
        ("<pre>\n@a\n</pre>\n<script>\n@b\n</script>\n<style>@media {}</style> @c", "c"),
        ('[foo]: http://x.org/@a "t @b"\n\n[@c]', "c"),
        ("```{r}\n#| label: x\n@a\n```\n@b", "b"),
    ],
)
def test_markdown(text: str, expected: str) -> None:
    assert keys(text, "markdown") == expected.split()


def test_markdown_metadata_and_quarto_labels() -> None:
    text = (
        "---\nbibliography: [a.bib, 'b.bib']\nnocite: '@*'\n---\n![c](x.png){#fig:one}\n\n@fig:one"
    )
    found = scan(text, "markdown")
    assert found.cites_everything
    assert [(each.path, each.line) for each in found.bibliographies] == [("a.bib", 2), ("b.bib", 2)]
    assert keys(text, "markdown", "crossref") == ["fig:one"]
    quarto = "@fig-one and @smith\n\n{{< include _part.qmd >}}\n```{r}\n#| label: tbl-x\n@code\n```"
    assert keys(quarto, "quarto") == ["smith"]
    assert [each.path for each in scan(quarto, "quarto").parts] == ["_part.qmd"]
    assert keys("@fig-one", "markdown") == ["fig-one"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("As @a shows. @b[p. 3], (@c).", "a b c"),
        ('#cite(<a>) #cite(<b>, supplement: [p. 3]) #cite(label("c:d"))', "a b c:d"),
        ("= Intro <intro>\nsee @intro and @a.", "a"),
        ("// @a\n/* @b /* @c */ @d */ @e https://x.org/@f", "e"),
        ("`@a` ```typ @b``` \\@c @d", "d"),
        ("me@example.org \\@a", "example.org"),
        ("= X <fig>\n#ref(<fig>) #link(<sec>)[x] #ref(<a>)", "a"),
        ('#let me = "a@b.org"\n#show: paper.with(mail: ("x@y.org",), by: [@a])\n"@b" @c', "a b c"),
        ('#link("mailto:a@b.org")[@c]"@d" #"@e".len() "@f"', "c d f"),
        ('#for x in y [@a "@b"] "@c" #if x { "@d" } else { [@e] } "@f"', "a b c e f"),
        ('#let f(k) = cite(k)\n#f(<perhaps>) "@a" $ "@b" <c> $ <d> @d', "a"),
        ('#{ [@a]; cite(<b>) }\n#figure([@c])[x] <fig>\n@fig[see "@d"]', "a b c d"),
        ('(@a) ]) @b #raw("@c") #x.y.z(1)(2)[@d] "@e"', "a b d e"),
        ('#figure(image("x.png")) <fig>\n@fig @b-c_d', "b-c_d"),
    ],
)
def test_typst(text: str, expected: str) -> None:
    assert keys(text, "typst") == expected.split()


def test_typst_files() -> None:
    found = scan(
        '#include "a.typ"\n#import "b.typ": *\n#bibliography(("x.bib", "y.yml"), full: true)',
        "typst",
    )
    assert [each.path for each in found.parts] == ["a.typ", "b.typ"]
    assert [each.path for each in found.bibliographies] == ["x.bib", "y.yml"]
    assert found.cites_everything


def test_aux_and_control_files() -> None:
    aux = "\\citation{a,b}\n\\citation{a}\n\\@input{c.aux}\n\\bibdata{refs}\n\\abx@aux@cite{0}{d}\n"
    found = scan(aux, "aux")
    assert keys(aux, "aux") == ["a", "b", "d"]
    assert (found.parts[0].path, found.bibliographies[0].path, found.dialect) == (
        "c.aux",
        "refs",
        "biblatex",
    )
    assert scan("\\citation{*}\n", "aux").cites_everything
    assert scan("\\relax\n\\abx@aux@nociteall\n", "aux").cites_everything
    bcf = (
        '<bcf:controlfile xmlns:bcf="x"><bcf:section number="0">'
        '<bcf:datasource type="file" datatype="bibtex">r.bib</bcf:datasource>\n'
        '<bcf:citekey order="1">a&amp;b</bcf:citekey><bcf:citekey nocite="1">*</bcf:citekey>'
        "</bcf:section></bcf:controlfile>"
    )
    assert keys(bcf, "bcf") == ["a&b"]
    assert scan(bcf, "bcf").cites_everything
    assert scan(bcf, "bcf").citations[0].line == 2


def test_a_control_file_with_entities_is_refused() -> None:
    with pytest.raises(InputError, match="document type"):
        scan('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "bcf")


def test_syntax_by_name() -> None:
    assert [syntax_of(name) for name in ("A.TEX", "b.qmd", "c.typ", "d.aux")] == [
        "latex",
        "quarto",
        "typst",
        "aux",
    ]
    with pytest.raises(InputError):
        syntax_of("a.docx")


FRAGMENTS = st.sampled_from(
    r"""\cite { } [ ] ( ) , % \begin{verbatim} \end{verbatim} \verb | @ key ` ``` <!-- --> - /* */
    // \iffalse \fi <label> #cite( " $ \ * \nocite \input a.b <""".split()
) | st.sampled_from(["\n", "\n\n", "    ", " "])


@settings(max_examples=300)
@given(
    st.lists(FRAGMENTS, max_size=40).map("".join), st.sampled_from(sorted(set(SYNTAXES) - {"bcf"}))
)
def test_every_key_stands_where_it_is_said_to_stand(text: str, syntax: str) -> None:
    lines = text.split("\n")
    for each in scan(text, syntax).citations:
        assert each.key in lines[each.line - 1][each.column - 1 :] or each.key == "*"


@pytest.mark.parametrize(
    "piece",
    [
        "/*",
        "`",
        "\\cite[",
        "\\cite<",
        "@{",
        "<!--",
        "\\begin{verbatim}",
        "](",
        "\\verb|",
        "\\iffalse ",
        "\\iftrue \\else ",
        "\\newcommand\\c[1]{",
    ],
)
@pytest.mark.parametrize("syntax", ["latex", "markdown", "typst"])
def test_unclosed_pieces_in_great_number_take_no_long_time(piece: str, syntax: str) -> None:
    start = time.process_time()
    scan(piece * 4000, syntax)
    assert time.process_time() - start < 20
