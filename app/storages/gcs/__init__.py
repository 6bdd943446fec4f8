"""The driver for Google Cloud Storage; ``address`` needs no package of Google's, ``storage`` does."""
