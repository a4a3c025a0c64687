"""The newest version of the course in a clone: git_clone looks, update pulls, merge_notebook merges."""
