"""Second step: which place thinks, the device or the cloud, and why."""
