"""Subsidies: invoices, consortia, and the dossier of one round."""
