"""Installed packs and what they decide: evaluations, decisions, traces, confirmations."""
