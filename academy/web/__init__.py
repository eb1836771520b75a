"""What people meet: pages, forms, errors, and the one stylesheet."""
