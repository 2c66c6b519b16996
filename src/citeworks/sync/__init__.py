"""Two-way synchronization of a library with a Zotero library: read, merge, plan, apply.

::

    library.json ──records──▶ mapping ──ours──┐
    state (SQLite) ──────────────── base ─────┼──▶ merge ──▶ plan ──▶ apply ──▶ Storage
    Storage ─────────────────────── theirs ───┘

Everything up to the plan is pure. `apply` alone changes anything, and journals it first.
"""
