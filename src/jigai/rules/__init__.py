"""Packs, formulas, compiled plans and their executors: who gets what, and why."""
