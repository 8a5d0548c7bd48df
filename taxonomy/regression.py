"""Logistic regressions with a ridge penalty, in plain numpy: few texts, or few numbers.

Fits take ``targets``, what to foretell (0 or 1), and ``counted``, how much each counts (0: nobody
knows), of the same shape but where it is said.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_STEPS = 250
_NEWTON_STEPS = 25
_STILL = 1e-7  # a move of Newton's method so small that it has arrived
_TURNS = 60


def logistic(odds: NDArray[Any]) -> NDArray[Any]:
    """The probability of these log odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))


def fit_wide(
    texts: NDArray[np.float32],
    targets: NDArray[np.float32],
    counted: NDArray[np.float32],
    penalty: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights (columns of ``texts`` × targets) and biases, when columns are many and texts few.

    Accelerated gradient (Y. Nesterov, 1983) on the dual weights of the texts: each step costs the
    square of their number, whatever the number of columns.
    """
    gram = texts @ texts.T
    most = float(counted.max(initial=1.0))
    step = 1 / (0.25 * most * _greatest(gram) + penalty)
    bias_step = 1.2 / (most * len(texts))
    known = (targets * counted).sum(0), ((1 - targets) * counted).sum(0)
    dual: NDArray[Any] = np.zeros_like(targets)
    ahead = dual
    bias: NDArray[Any] = np.log(known[0] + 0.5) - np.log(known[1] + 0.5)
    bias_ahead = bias
    for momentum in _momenta():
        error = counted * (logistic(gram @ ahead + bias_ahead) - targets)
        moved = ahead - step * (error + penalty * ahead)
        bias_moved = bias_ahead - bias_step * error.sum(0)
        ahead, dual = moved + momentum * (moved - dual), moved
        bias_ahead, bias = bias_moved + momentum * (bias_moved - bias), bias_moved
    return (texts.T @ dual).astype(np.float32), bias.astype(np.float32)


def fit_narrow(
    rows: NDArray[np.float64],
    targets: NDArray[np.float64],
    counted: NDArray[np.float64],
    penalties: NDArray[np.float64],
) -> NDArray[np.float64]:
    """One weight a column, by Newton's method, when columns are few; a penalty for each."""
    weights = np.zeros(rows.shape[1])
    for _ in range(_NEWTON_STEPS):
        expected = logistic(rows @ weights)
        slope = rows.T @ (counted * (expected - targets)) + penalties * weights
        curve = (rows * (counted * expected * (1 - expected))[:, None]).T @ rows
        move = np.linalg.solve(curve + np.diag(penalties), slope)
        weights -= move
        if float(np.abs(move).max()) < _STILL:
            break
    return weights


def fit_shared(
    rows: NDArray[np.float64],
    targets: NDArray[np.float64],
    counted: NDArray[np.float64],
    penalties: NDArray[np.float64],
    own_penalty: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """One weight a column for all targets, and each target's own shift, by Newton's method.

    ``rows``: texts × targets × columns. The same as ``fit_narrow`` with a column a target beside,
    whose part of the curve is a diagonal and need not be multiplied out.
    """
    count, width = rows.shape[1:]
    flat = rows.reshape(-1, width)
    penalty = np.concatenate([penalties, np.full(count, own_penalty)])
    found = np.zeros(width + count)
    for _ in range(_NEWTON_STEPS):
        expected = logistic(rows @ found[:width] + found[width:])
        error = counted * (expected - targets)
        doubt = counted * expected * (1 - expected)
        slope = np.concatenate([flat.T @ error.reshape(-1), error.sum(0)]) + penalty * found
        weighed = rows * doubt[:, :, None]
        curve = np.diag(penalty + np.concatenate([np.zeros(width), doubt.sum(0)]))
        curve[:width, :width] += flat.T @ weighed.reshape(-1, width)
        curve[:width, width:] = weighed.sum(0).T
        curve[width:, :width] = curve[:width, width:].T
        move = np.linalg.solve(curve, slope)
        found -= move
        if float(np.abs(move).max()) < _STILL:
            break
    return found[:width], found[width:]


def fit_choice(
    rows: NDArray[np.float64],
    targets: NDArray[np.float64],
    counted: NDArray[np.float64],
    penalty: float,
) -> NDArray[np.float64]:
    """Weights (columns of ``rows`` and an intercept × targets) when each row is one of several.

    ``targets``: rows × choices, a 1 a row; ``counted``: how much each row counts. Multinomial
    logistic regression by accelerated gradient; the intercept has no penalty.
    """
    table = np.hstack([rows, np.ones((len(rows), 1))])
    penalties = np.full((table.shape[1], 1), penalty)
    penalties[-1] = 1e-3
    curve = 0.5 * float(np.linalg.norm(table * np.sqrt(counted)[:, None], 2)) ** 2 + penalty
    weights = np.zeros((table.shape[1], targets.shape[1]))
    ahead = weights
    for momentum in _momenta():
        odds = table @ ahead
        chances = np.exp(odds - odds.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        slope = table.T @ (counted[:, None] * (chances - targets)) + penalties * ahead
        moved = ahead - slope / curve
        ahead, weights = moved + momentum * (moved - weights), moved
    return weights


def _greatest(table: NDArray[np.float32]) -> float:
    """The greatest eigenvalue of a table of likenesses, by powers: a hundred times sooner than all.

    Numbers that are not negative let one direction prevail from the first turns (O. Perron, 1907).
    """
    direction = np.linspace(1, 2, len(table), dtype=np.float32)
    value = 0.0
    for _ in range(_TURNS):
        turned = table @ direction
        value = float(np.linalg.norm(turned))
        direction = turned / np.float32(value or 1.0)
    return value


def _momenta() -> Iterator[float]:
    """How far each step of an accelerated gradient goes on (Y. Nesterov, 1983)."""
    pace = 1.0
    for _ in range(_STEPS):
        next_pace = (1 + math.sqrt(1 + 4 * pace * pace)) / 2
        yield (pace - 1) / next_pace
        pace = next_pace
