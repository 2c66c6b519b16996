"""What a release needs beside the package: run as ``python -m tools.NAME`` from the checkout."""
