"""What people do to tickets: each function runs in one transaction."""
