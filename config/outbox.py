"""Which handler runs an outbox entry of which kind, and which sweeps the runner walks."""
