"""The demo: a small team with short limits, and harmless content that a platform submits by the public API."""
