"""The console: the people's way into the platform. Signing in, the management API, the page."""
