"""What somebody types of products, prices, rules and taxes."""
