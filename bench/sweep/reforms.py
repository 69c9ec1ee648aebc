"""OpenFisca: one set of inputs, fifty reforms, the cost of each.

Inputs are set once and kept for every reform, the cheapest way its users have; only the calculation
is timed against our sweep, building is told apart.
"""

from __future__ import annotations

import time

import numpy as np
from openfisca_core.reforms import Reform
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from bench.rules.data import YUAN, Data
from bench.rules.openfisca_contender import PERIOD, START, simulation


def run(data: Data, rates: list[int]) -> tuple[float, float, list[int]]:
    """Seconds to build, seconds of all reforms, costs in fen."""
    started = time.perf_counter()
    base = simulation(data)
    system = base.tax_benefit_system
    built = time.perf_counter() - started
    started = time.perf_counter()
    paid = [_cost(base, system, rate) for rate in rates]
    return built, time.perf_counter() - started, paid


def _cost(simulation: Simulation, system: TaxBenefitSystem, rate: int) -> int:
    """The same inputs under another system; whatever was computed before is forgotten."""
    simulation.tax_benefit_system = _reform(rate)(system)
    for population in simulation.populations.values():
        for name, holder in population._holders.items():
            if system.get_variable(name).formulas:
                holder.delete_arrays()
    award = simulation.calculate("award", PERIOD).astype(np.float64)
    chosen = simulation.calculate("selected", PERIOD)
    return int(np.rint(award[np.asarray(chosen, np.bool_)] * YUAN).astype(np.int64).sum())


def _reform(rate: int) -> type[Reform]:
    class Rate(Reform):
        """Another rate for equipment."""

        def apply(self) -> None:
            self.modify_parameters(_set)

    def _set(parameters: object) -> object:
        parameters.equipment.rate.update(start=START, value=rate / 10_000)
        return parameters

    return Rate
