"""The commands of the command line; data goes to stdout, words to stderr."""
