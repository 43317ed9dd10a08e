curl -sN -H "$OWNER" -H "$JSON" "$DEVICE/v1/agent/turns" \
  -d '{"text": "make it brighter", "session": "me"}' > turn.sse
curl -s -H "$OWNER" -H "$JSON" "$DEVICE/v1/agent/turns/$(value turn)/feedback" \
  -d '{"session": "me", "meant": "light.interior.set"}'
