"""The protocol of xiaozhi voice devices, as an edge of a conversation by sound.

Source: the firmware 78/xiaozhi-esp32 (protocols/, application.cc, mcp_server.cc), August 2026.
"""
