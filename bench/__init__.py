"""The benchmarks: what the product does in a second, beside what bare SQL does on the same rows."""
