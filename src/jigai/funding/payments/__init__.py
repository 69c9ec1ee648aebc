"""Requests, batches, answers of the treasury, the payment clock."""
