curl -sN -H "$KEY" -H "$JSON" "$DEVICE/v1/agent/turns" \
  -d '{"text": "open the passenger window to 20 percent", "session": "demo"}'
