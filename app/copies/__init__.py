"""Copy jobs: named objects from one place to another, among buckets, the library, uploads and the web."""
