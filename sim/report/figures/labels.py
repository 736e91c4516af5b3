"""Placing labels so that none hides another or falls off the paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.text import Annotation, Text
from matplotlib.transforms import BboxBase


class Box(NamedTuple):
    """A rectangle in pixels."""

    x0: float
    y0: float
    x1: float
    y1: float

    def overlap(self, other: Box) -> float:
        """Shared area, 0 if they do not meet."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        return width * height if width > 0 and height > 0 else 0.0

    def outside(self, frame: Box) -> float:
        """Area that lies outside `frame`."""
        return (self.x1 - self.x0) * (self.y1 - self.y0) - self.overlap(frame)


def box(extent: BboxBase, pad: float = 0.0) -> Box:
    """A matplotlib extent as a Box, grown by `pad` pixels."""
    return Box(extent.x0 - pad, extent.y0 - pad, extent.x1 + pad, extent.y1 + pad)


def settle(
    label: Annotation, spots: Sequence[tuple[float, float]], taken: Sequence[Box], frame: Box, near: float
) -> Box:
    """Move `label` (offset in points) to the first spot that is free, else the least bad one; returns where it stands.

    A spot more than `near` points away keeps the leader line; a nearer one needs none.
    """
    costs = []
    for spot in spots:
        found = _try(label, spot)
        cost = sum(found.overlap(other) for other in taken) + 4.0 * found.outside(frame)
        costs.append(cost)
        if cost < 0.5:
            break
    best = spots[min(range(len(costs)), key=lambda i: costs[i])]
    place = _try(label, best)
    if label.arrow_patch is not None:
        label.arrow_patch.set_visible(max(abs(best[0]), abs(best[1])) > near)
    return place


def _try(label: Annotation, spot: tuple[float, float]) -> Box:
    dx, dy = spot
    label.set_position(spot)
    label.set_horizontalalignment("left" if dx > 0 else "right" if dx < 0 else "center")
    label.set_verticalalignment("bottom" if dy > 0 else "top" if dy < 0 else "center")
    extent = label.get_window_extent()
    # Annotation counts the leader line in its extent: measure the words alone
    return box(Text.get_window_extent(label), 3.0) if label.arrow_patch is not None else box(extent, 3.0)
