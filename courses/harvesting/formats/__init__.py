"""The parts of formats: files taken apart, what their records say. Adapters put them together."""
