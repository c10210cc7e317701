"""How often something works, with the interval that so few trials leave open."""

import math
from dataclasses import dataclass

Z95 = 1.959963984540054
"""Normal quantile of a two-sided interval of 95 %."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """`worked` of `tried`, with the Wilson score interval of 95 %.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American
    Statistical Association 22 (1927) 209–212, DOI 10.1080/01621459.1927.10502953.
    """

    worked: int
    tried: int

    @property
    def share(self) -> float:
        """The observed share; 0 where nothing was tried."""
        return self.worked / self.tried if self.tried else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The lowest and the highest share that the trials allow; (0, 1) where nothing was tried."""
        n, p, z2 = self.tried, self.share, Z95 * Z95
        if not n:
            return 0.0, 1.0
        middle = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = Z95 / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)
