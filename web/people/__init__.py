"""The operator's pages, and the addresses about one's own account."""
