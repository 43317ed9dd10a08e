"""What every process that hosts an agent puts together alike: the device's own, and the platform's
for devices that are too small to think."""
