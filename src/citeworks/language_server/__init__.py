"""The library for editors, over the Language Server Protocol.

``entries`` knows what can be cited and where it stands, ``positions`` what a cursor is on,
``problems`` what is wrong in a document; all are plain functions of texts. ``server`` speaks.
"""
