"""Whether the addresses that offers lead to still answer."""
