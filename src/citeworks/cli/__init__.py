"""The command line: one file per command; options, wiring, messages and exit codes."""
