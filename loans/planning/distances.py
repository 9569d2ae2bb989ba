"""Which schools are near enough to hand books on to one another."""

import numpy as np
from numpy.typing import NDArray

from loans.planning.problem import School

KM = 111.32
NOWHERE = 1e6


def kilometres(schools: list[School]) -> NDArray[np.float32]:
    """As the crow flies, flat enough for a city; far away where a school has no coordinates."""
    known = np.array([it.latitude is not None and it.longitude is not None for it in schools])
    north = np.array([it.latitude or 0.0 for it in schools])
    east = np.array([it.longitude or 0.0 for it in schools])
    scale = np.cos(np.radians(north[known].mean())) if known.any() else 1.0
    apart = np.hypot(north[:, None] - north[None, :], (east[:, None] - east[None, :]) * scale)
    away: NDArray[np.float32] = (apart * KM).astype(np.float32)
    away[~known, :] = NOWHERE
    away[:, ~known] = NOWHERE
    return away


def near(schools: list[School], away: NDArray[np.float32], limit: float) -> NDArray[np.bool_]:
    """Within ``limit`` km, or on the same tour of the van. A school is not near itself: it never gets the same book twice."""
    close: NDArray[np.bool_] = away <= limit
    _names, tour = np.unique([it.tour for it in schools], return_inverse=True)
    named = np.array([bool(it.tour) for it in schools])
    close |= (tour[:, None] == tour[None, :]) & named[:, None]
    np.fill_diagonal(close, False)
    return close
