"""citeworks: records from pasted listings, and bibliographies from records.

::

    listing / .bib / ids --parse--> records --normalize--> Library --enrich--> bib/library.json
                                                              |
                                    +-------------------------+-----------------------+
                                    v                         v                       v
                         export: .bib, CSL-JSON, …  render: CSL bibliography  sync: Zotero group

A record is a CSL item in which every variable knows where its value came from. Everything points
down: ``cli`` → ``mcp_server language_server`` → ``workflows`` → ``lint store sync render resolve
export site search config`` → ``exchange`` (the other formats) → ``listing normalize history bibtex
csl_json zotero_json csl http documents`` → ``nearest folders printable`` → ``model`` → ``errors``;
names within one group never import each other.
"""

__version__ = "0.1.0"
