"""The formats that other programs exchange: text in, records out, and back; one module each.

A codec has ``load(data, file=…) -> Reading`` and ``dump(records) -> str``, or one of the two. What
a format has and CSL has no variable for is kept in ``custom`` under the format's name and comes out
again in the same format. Knows nothing of files and commands.
"""
