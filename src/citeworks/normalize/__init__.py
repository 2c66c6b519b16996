"""Records made canonical: ordered rules, citation keys, duplicates. Pure; no input formats."""
