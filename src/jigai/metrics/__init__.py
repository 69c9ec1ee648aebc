"""Targets against figures: growth, paths and attainment, exact and without a framework."""
