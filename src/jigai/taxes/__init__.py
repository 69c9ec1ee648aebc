"""Taxes on a renovation: what each instrument of the law does to the tax of each year, exactly."""
