"""A publication page as text: papers in, files out; pure functions that write nothing.

``paper`` is what one entry of the page knows, ``page`` the page itself, ``landing`` the page of one
paper, ``metadata`` what machines read of it, ``chart`` the drawing, ``feed`` the Atom feed,
``front_matter`` the files of other site generators. Everything that comes from a record is escaped.
"""
