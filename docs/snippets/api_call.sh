curl -sN -H "$KEY" -H "$JSON" "$DEVICE/v1/agent/calls" \
  -d '{"capability": "climate.set_power", "arguments": {"zone": "passenger", "on": true}, "session": "demo"}'
