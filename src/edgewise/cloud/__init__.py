"""The cloud process: accounts, keys, metering and the platform API."""
