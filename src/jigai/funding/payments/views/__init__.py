"""Pages of accounts, requests, batches and answers."""
