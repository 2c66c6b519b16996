"""Pasted listings: bytes in, parts with entries out, and not one character lost on the way.

Knows layouts of pages and mails that list papers. Refuses to know citation keys, types of output,
the network and the disk.
"""
