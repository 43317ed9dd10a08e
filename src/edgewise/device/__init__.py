"""The device process: the agent over its drivers and stores, its API and cockpit."""
