"""Real adapters behind the ports; nothing below imports them."""
