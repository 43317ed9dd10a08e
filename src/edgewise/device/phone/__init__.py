"""The phone of the device: its stores in one SQLite file, sample data, ringing alarms."""
