"""Strategies, conformance suites and simulations for your own adapters and ours."""
