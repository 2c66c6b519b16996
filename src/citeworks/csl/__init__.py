"""A CSL 1.0.2 citation processor: `Processor` turns CSL-JSON items into formatted text.

Phases, in reading order: `parse_style` → `style`; `locale`; `context`; `compile`; `names`,
`dates`, `numbers`; `position`, `sort`, `disambiguate`, `collapse`; `output`, `markup`,
`punctuation`, `textcase`; `formats`; and `processor`: the pipeline on a page. No file access.
"""

from citeworks.csl.processor import Bibliography, Processor

__all__ = ["Bibliography", "Processor"]
