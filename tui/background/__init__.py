"""What runs beside the keys: loading, fetching, other instances, kept exports. It posts messages or calls the model."""
