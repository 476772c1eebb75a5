"""The context of actions in the running app."""
