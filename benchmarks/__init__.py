"""How fast and how large: one command each. `python -m benchmarks NAME [--json]`."""
