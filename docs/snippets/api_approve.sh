OWNER="Authorization: Bearer $(cat "$FOLDER/token")"
value() { grep -o "\"$1\":\"[^\"]*\"" turn.sse | tail -1 | cut -d'"' -f4; }
curl -sN -H "$KEY" -H "$JSON" "$DEVICE/v1/agent/turns" \
  -d '{"text": "open the trunk", "session": "demo"}' > turn.sse          # the program asks
curl -sN -H "$OWNER" -H "$JSON" "$DEVICE/v1/agent/turns/$(value turn)/approval" \
  -d "{\"approval\": \"$(value approval)\", \"payload_hash\": \"$(value payload_hash)\", \"approved\": true}"
