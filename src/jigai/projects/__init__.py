"""The project library: the ledger of technical-renovation projects."""
