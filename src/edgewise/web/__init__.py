"""What every web server of Edgewise shares: connections, server-sent events, page headers."""
