curl -sN -H "$KEY" -H "$JSON" "$DEVICE/v1/agent/calls" \
  -d '{"capability": "climate.set_power", "arguments": {"on": true}, "session": "demo"}'
