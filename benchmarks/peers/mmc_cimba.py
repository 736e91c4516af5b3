"""M/M/c in cimba: arrivals into a store, c servers, from traces."""

# mypy: ignore-errors
# The methods below are Numba's, compiled by cimba; their types are only known there.

from __future__ import annotations

from collections.abc import Callable

import cimba as cb
import numpy as np
from numpy.typing import NDArray

SERVERS = 5  # of the one model; copies are part of the code


class Queue(cb.Model):
    """Customers are their arrival times."""

    gap: cb.Input[float]
    service: cb.Input[float]
    line: cb.Store[float]
    customers: int
    waited: float = 0.0
    served: int = 0
    total_wait: cb.Output[float]

    @cb.process
    def arrivals(self) -> None:
        for _ in range(self.customers):
            cb.hold(self.gap.next())
            self.line.put(cb.now())

    @cb.process(copies=SERVERS)
    def server(self) -> None:
        while True:
            came = self.line.get()
            self.waited += cb.now() - came
            self.served += 1
            cb.hold(self.service.next())

    @cb.on_end
    def end(self) -> None:
        self.total_wait = self.waited


def prepare(gaps: NDArray[np.float64], services: NDArray[np.float64]) -> Callable[[], float]:
    """The model compiled and bound; each call runs it and gives the mean wait."""
    model = Queue()
    model.gap, model.service = cb.inputs.trace(gaps), cb.inputs.trace(services)
    model.customers = len(gaps)
    experiment = cb.Experiment(model, window=cb.Window.until_idle())

    def run() -> float:
        results = experiment.run(workers=1)
        if results.failed.any():
            raise RuntimeError(f"cimba: {results.failure_reasons}")
        return float(results[model].total_wait.values[0, 0]) / len(gaps)

    return run
