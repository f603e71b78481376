"""Search over a library: an index made from it when it is loaded, and what it finds."""
