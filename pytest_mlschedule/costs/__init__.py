"""What runs take and what they cost: durations, computes, prices, load."""
