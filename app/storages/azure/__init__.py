"""The driver for Azure Blob Storage; ``address`` needs no package of Microsoft's, ``storage`` does."""
