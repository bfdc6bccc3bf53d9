"""One self-contained HTML page: a plan to look at, without a network."""
