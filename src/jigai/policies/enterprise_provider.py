"""Facts of stored enterprises, with what people confirmed about them."""

from __future__ import annotations

from jigai.core.enterprise_facts import enterprise_key, enterprise_rows
from jigai.core.stored_register import stored_register
from jigai.policies.providers import Label, Population, Provided, fact_provider


@fact_provider("enterprise")
def enterprises(population: Population) -> Provided:
    """Every enterprise of the region, keyed by credit code (or by its number without one)."""
    register = stored_register(population.region_code, population.year, population.known_at)
    labels = {
        enterprise_key(e): Label(e.name, e.row, e.name, e.region or population.region_code)
        for e in register
    }
    return Provided(enterprise_rows(register), labels)
