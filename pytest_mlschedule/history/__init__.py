"""What really ran: jobs as ``az ml job list -o json`` lists them."""
