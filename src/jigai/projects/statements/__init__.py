"""Statements of a project's investment: filed, invoiced and statistical, beside one another."""
