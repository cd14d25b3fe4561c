"""Measurements against the running system, each figure beside its bar. Never part of the tests.

`./pirab bench` runs all of them, `./pirab bench inbox` one. Wall time moves with the machine's neighbours; CPU
milliseconds, read from the control group of each service, are the figures to compare.
"""
