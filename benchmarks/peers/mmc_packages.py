"""M/M/c as the first chapter of each package has it. Every function gives the mean wait in minutes."""

from __future__ import annotations

import importlib
import math
from collections.abc import Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def with_simpy(gaps: Floats, services: Floats, servers: int) -> float:
    """SimPy: a process for each customer, a Resource."""
    import simpy

    env = simpy.Environment()
    desk = simpy.Resource(env, servers)
    waits: list[float] = []

    def customer(service: float) -> Generator[simpy.Event]:
        came = env.now
        with desk.request() as turn:
            yield turn
            waits.append(env.now - came)
            yield env.timeout(service)

    def source() -> Generator[simpy.Event]:
        for gap, service in zip(gaps.tolist(), services.tolist(), strict=True):
            yield env.timeout(gap)
            env.process(customer(service))

    env.process(source())
    env.run()
    return sum(waits) / len(waits)


def with_salabim(gaps: Floats, services: Floats, servers: int) -> float:
    """salabim: a component for each customer, a Resource."""
    salabim = importlib.import_module("salabim")
    salabim.yieldless(False)
    env = salabim.Environment(trace=False)
    desk = salabim.Resource("desk", capacity=servers)
    waits: list[float] = []

    class Customer(salabim.Component):  # type: ignore[misc, name-defined]  # salabim has no types
        def setup(self, service: float) -> None:
            self.service = service

        def process(self) -> Generator[Any]:
            came = env.now()
            yield self.request(desk)
            waits.append(env.now() - came)
            yield self.hold(self.service)
            self.release()

    class Source(salabim.Component):  # type: ignore[misc, name-defined]
        def process(self) -> Generator[Any]:
            for gap, service in zip(gaps.tolist(), services.tolist(), strict=True):
                yield self.hold(gap)
                Customer(service=service)

    Source()
    env.run()
    return sum(waits) / len(waits)


def with_ciw(gaps: Floats, services: Floats, servers: int) -> float:
    """Ciw: a network of one node."""
    ciw = importlib.import_module("ciw")
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*gaps.tolist(), math.inf])],
        service_distributions=[ciw.dists.Sequential(services.tolist())],
        number_of_servers=[servers],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(float(gaps.sum() + services.sum()))
    waits = [record.waiting_time for record in simulation.get_all_records()]
    return float(sum(waits) / len(waits))
