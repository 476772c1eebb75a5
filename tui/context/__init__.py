"""What actions work with in the running app."""
