"""Tools for assistants over the Model Context Protocol: ``tools`` are the verbs, ``server`` speaks.

Read-only unless a person allowed writing when it was started.
"""
