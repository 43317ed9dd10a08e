curl -s -H "$KEY" -H "$JSON" -H "Accept: application/json, text/event-stream" "$DEVICE/mcp" \
  -d '{"jsonrpc": "2.0", "id": 1, "method": "tools/call",
       "params": {"name": "climate.set_temperature", "arguments": {"zone": "passenger", "value": 23}}}'
