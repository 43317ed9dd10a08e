curl -sN -H "$KEY" -H "$JSON" "$DEVICE/v1/agent/turns" \
  -d '{"text": "open the driver window halfway", "session": "demo", "zone": "driver"}'
