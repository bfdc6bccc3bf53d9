"""What things cost by a list of prices: pages of the Azure Retail Prices API, and the meter that counts."""
