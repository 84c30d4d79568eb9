"""How a quantity grows: a robust line through what was measured.

The slope is Theil's and Sen's: the median of the slopes of all pairs, which 29 percent of wild points do not
bend (P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, 1968).
"""

from __future__ import annotations

import math
import statistics
from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MONTH = timedelta(days=365.2425 / 12)
# As many points as have their slopes taken; of more, each second, third, ... one.
MOST_POINTS = 300


def slope(points: Sequence[tuple[float, float]]) -> float | None:
    """Theil's and Sen's slope of (x, y); None where no two x differ."""
    step = math.ceil(len(points) / MOST_POINTS) or 1
    some = points[::-1][::step]
    slopes = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(some, 2) if x1 != x2]
    return statistics.median(slopes) if slopes else None
