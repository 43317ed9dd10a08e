curl -s -H "$KEY" "$DEVICE/v1/agent/state"                           # once
curl -sN -H "$KEY" "$DEVICE/v1/agent/state/stream" --max-time 1      # at once, then each change
curl -sN -H "$KEY" "$DEVICE/v1/agent/turns/stream" --max-time 1      # events of the program's turns
