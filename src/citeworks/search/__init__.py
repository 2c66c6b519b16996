"""Finding records: ``query`` is what was asked, ``index`` where it is looked up."""
