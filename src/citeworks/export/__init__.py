"""Libraries to text, one file per format; every exporter is a pure function."""
