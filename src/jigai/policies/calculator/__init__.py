"""Calculators: one for every computable measure of every installed document, made from the pack.

Nothing here stores or logs what people type.
"""
