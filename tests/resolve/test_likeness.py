"""Titles: what is a spelling of the same words, and what are other words."""

from __future__ import annotations

import pytest

from citeworks.resolve.likeness import is_contrast, is_slip_apart, other_words

FRAME = "A {} Method for Large Networks"


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("Learning", "Learnng"),
        ("Learning", "Laerning"),
        ("Learning", "Learniing"),
        ("Learning", "Learming"),
        ("Anchor", "nchor"),
        ("Algorithmic", "lgorithmic"),
        ("Deep", "eep"),
        ("Web", "We"),
        ("Item-to-Item", "Item-t-Item"),
        ("Neural and Robust", "Neural nd Robust"),
        ("Neural and Robust", "Neural Robust"),
        ("Optimised", "Optimized"),
        ("Convolution", "Convolutions"),
        ("Non-Stationary", "Nonstationary"),
        ("Time Series", "Timeseries"),
        ("Proposal", "Propoal"),
    ],
)
def test_a_slip_an_ending_and_a_hyphen_are_the_same_words(known: str, typed: str) -> None:
    assert other_words(FRAME.format(known), FRAME.format(typed)) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Supervised", "Unsupervised"),
        ("Microscopic", "Macroscopic"),
        ("Implicit", "Explicit"),
        ("Inclusive", "Exclusive"),
        ("Endogenous", "Exogenous"),
        ("Paramagnetic", "Diamagnetic"),
        ("Absorption", "Adsorption"),
        ("Encoder", "Decoder"),
        ("Increasing", "Decreasing"),
        ("Maximal", "Minimal"),
        ("Hypertension", "Hypotension"),
        ("Asymmetric", "Symmetric"),
        ("Lossless", "Loss"),
        ("Collisionless", "Collision"),
        ("Neutrino", "Neutron"),
        ("Phonon", "Photon"),
        ("Elastic", "Plastic"),
        ("Optical", "Topical"),
        ("Passive", "Massive"),
        ("fMRI", "MRI"),
        ("CNN", "RNN"),
        ("CNN", "NN"),
        ("Convex", "Concave"),
        ("Not Learnable", "Learnable"),
        ("Learner++", "Learner"),
        ("Learner+", "Learner"),
    ],
)
def test_words_that_are_alike_and_mean_something_else_are_other_words(one: str, other: str) -> None:
    for first, second in ((one, other), (other, one)):
        assert other_words(FRAME.format(first), FRAME.format(second))


def test_words_of_one_stem_with_another_prefix_are_in_contrast() -> None:
    assert is_contrast("microscopic", "macroscopic")
    assert is_contrast("convex", "nonconvex")
    assert not is_contrast("analyzing", "mapping")
    assert not is_contrast("learning", "learned")
    assert not is_contrast("learning")


def test_one_letter_may_be_wrong_in_a_title_that_is_long_enough() -> None:
    assert is_slip_apart("Tensor Biclustering", "Tenso Biclustering")
    assert is_slip_apart("Tensor Biclustering", "Tensor Bi-clustering")
    assert not is_slip_apart("Tensor Biclustering", "Tensr Biclusterin")
    assert not is_slip_apart("Graphs", "Grphs")
