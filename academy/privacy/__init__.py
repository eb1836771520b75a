"""Privacy: what people agreed to, what is kept of them, their data handed out or erased."""
