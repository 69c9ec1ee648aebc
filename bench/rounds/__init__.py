"""A round of 50,000 applications from the reviewed list to the bank file."""
