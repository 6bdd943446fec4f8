"""The library: collections of items, each with a file of its own. What dialects call histories or datasets."""
