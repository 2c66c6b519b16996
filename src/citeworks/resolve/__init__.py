"""From an identifier or a listed entry to the paper: sources, matching, merging, the plan."""
