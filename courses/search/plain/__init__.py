"""The engine on SQL alone: the yardstick of the other, and the answer while it is away."""
