"""Special funds: budgets, changes, allocations and the money that moves."""
