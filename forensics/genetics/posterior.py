"""From a likelihood ratio to a posterior probability, and back to the ratio that a threshold needs.

Odds are kept as logarithms, so that neither a huge ratio nor a large number of missing persons loses
digits. With N persons sought, each equally likely before testing, the prior is 1/N and
posterior = LR / (LR + N − 1).
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from forensics.domain.errors import Invalid

LN10 = math.log(10)

Name = TypeVar("Name", bound=Hashable)


def posterior(log10_lr: float | None, number_sought: float) -> float:
    """P(hypothesis | LR) with prior 1/N; an LR of 0 (None) gives 0. N may be an effective number."""
    _check_number(number_sought)
    if log10_lr is None:
        return 0.0
    return 1.0 if number_sought == 1 else 1 / (1 + math.exp(_log_odds_against(log10_lr, number_sought)))


def complement(log10_lr: float | None, number_sought: float) -> float:
    """1 − posterior, exact also where the posterior can't be told from 1."""
    _check_number(number_sought)
    if log10_lr is None:
        return 1.0
    return (
        0.0
        if number_sought == 1
        else 1 / (1 + math.exp(min(-_log_odds_against(log10_lr, number_sought), 700)))
    )


def _log_odds_against(log10_lr: float, number_sought: float) -> float:
    return min(math.log(number_sought - 1) - log10_lr * LN10, 700.0)


def required_log10_lr(threshold: float, number_sought: float) -> float:
    """log10 of the LR that reaches the posterior `threshold`: p/(1−p) · (N−1); minus infinity for N = 1."""
    _check_number(number_sought)
    if not 0 < threshold < 1:
        raise Invalid(
            f"The posterior threshold is {threshold!r}; it must lie between 0 and 1, for instance 0.9995."
        )
    if number_sought == 1:
        return -math.inf
    return math.log10(threshold) - math.log1p(-threshold) / LN10 + math.log10(number_sought - 1)


def effective_number(total: float, shares: Sequence[float]) -> float:
    """Persons left when each known trait (sex, age, place) keeps its share of the total."""
    for share in shares:
        if not 0 < share <= 1:
            raise Invalid(f"A share of the missing persons is {share!r}; it must be above 0 and at most 1.")
    return max(total * math.prod(shares), 1.0)


def among(candidates: Mapping[Name, float | None]) -> tuple[dict[Name, float], float]:
    """Posterior of each candidate by log10 LR, flat prior over them and "nobody of these" (LR 1).

    Returns the posteriors, and that of nobody.
    """
    known = [value for value in candidates.values() if value is not None]
    highest = max([0.0, *known])
    weights = {name: _power(value, highest) for name, value in candidates.items()}
    nobody = _power(0.0, highest)
    total = math.fsum([*weights.values(), nobody])
    return {name: weight / total for name, weight in weights.items()}, nobody / total


def _power(log10: float | None, highest: float) -> float:
    return 0.0 if log10 is None else 10.0 ** max(log10 - highest, -330.0)


def _check_number(number_sought: float) -> None:
    if not number_sought >= 1 or math.isinf(number_sought):
        raise Invalid(f"The number of persons sought is {number_sought!r}; it must be at least 1.")
