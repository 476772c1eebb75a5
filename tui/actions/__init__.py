"""The actions of keys: plain functions of a small context, one file for each subject."""
