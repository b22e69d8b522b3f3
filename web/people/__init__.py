"""The operator's pages, and the two addresses about one's own account."""
