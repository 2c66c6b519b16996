"""Measurements beside the peers; ``python -m benchmarks [NAME …]`` prints them as tables."""
