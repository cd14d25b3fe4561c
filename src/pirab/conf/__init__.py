"""The top floor: settings, URLs, the wiring between services, and the environment they are read from.

Always true: this is the only place that knows every other one, and nothing below imports it. `environment` uses the
standard library alone, for the command line starts from there before any package is installed.
"""
