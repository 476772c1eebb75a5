"""Background work: loading, fetching, other instances' changes, kept exports. It posts messages or calls the model."""
