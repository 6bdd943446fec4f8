"""The driver for Google Drive: folders as storages, and files by their ids."""
