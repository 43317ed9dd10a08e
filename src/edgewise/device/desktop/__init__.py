"""A Linux desktop as the device: notifications and media players over D-Bus."""
