"""The cheapest set of answer changes that reaches the next rung of a level."""
