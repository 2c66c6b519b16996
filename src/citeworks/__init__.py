"""citeworks: records from pasted listings, and bibliographies from records.

::

    listing / .bib / ids --parse--> records --normalize--> Library --enrich--> bib/library.json
                                                              |
                                    +-------------------------+-----------------------+
                                    v                         v                       v
                         export: .bib, CSL-JSON, …  render: CSL bibliography  sync: Zotero group

A record is a CSL item in which every variable knows where its value came from. Everything points
down: ``cli`` → ``mcp_server language_server`` → ``workflows`` → ``exchange`` (the other formats) →
``lint store sync render resolve export`` → ``listing normalize bibtex csl_json zotero_json csl
http`` → ``model`` → ``errors``;
names within one group never import each other.
"""

__version__ = "0.1.0"
