"""Comparing names: normal forms, token similarity, one-to-one alignment, and the index."""
