curl -sN -H "$KEY" -H "$JSON" "$DEVICE/v1/agent/turns" \
  -d '{"text": "set the passenger temperature to 23 degrees", "session": "demo"}'
