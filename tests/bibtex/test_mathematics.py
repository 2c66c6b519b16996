from __future__ import annotations

import pytest

from citeworks.bibtex.mathematics import encode_formula, is_typeset

FIT = r"""
\ell_p | O(n \log n) | \mathbb{R}^d | x'^2 | x''_a | \left( x \right)^2 | \frac12
| \sqrt[3]{x} | \sum\limits_{i=1}^n x_i | \text{if } x | α_i | ^2 | \hat x | x^\mathrm{T}
| 10^{-3} | a < b | \{x\} | \left\{x\right. | \kappa_{T}\ x | T_{\rm c} | B^0_s\to\mu^+\mu^-
| \sqrt s | 10\% | \mathcal{N}=4
"""
UNFIT = r"""
x^2' | x_a_b | x^2^3 | \left( x | \frac{1} | \sqrt | \text{a_b} | a&b | x\over y | é | _
| \hat | { | } | \mathrm | \unknown | x^\sum | \"o | \input{x} | a%b | a#b | \begin{x} | {\}
| \text{é} | x^\hat y
"""


@pytest.mark.parametrize("formula", [each.strip(" \n") for each in FIT.split("|")])
def test_what_latex_typesets_is_a_formula(formula: str) -> None:
    assert is_typeset(formula)


@pytest.mark.parametrize("formula", [each.strip() for each in UNFIT.split("|")])
def test_what_latex_complains_of_is_none(formula: str) -> None:
    assert not is_typeset(formula)


def test_depth_is_bounded() -> None:
    assert not is_typeset("{" * 5000 + "x" + "}" * 5000)


def test_letters_become_commands() -> None:
    assert encode_formula("α_i≤β") == r"\alpha _i\leq \beta "
