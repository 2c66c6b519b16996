"""The program in verbs: each workflow is one module; none prints, none reads options."""
