"""What can be done with accounts, requests, batches and answers, one verb a file."""
