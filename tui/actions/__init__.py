"""What keys do: plain functions of a small context, one file a subject."""
