"""技改通: runs Chinese industrial-policy documents as cited data packs."""

__version__ = "0.1.0"
