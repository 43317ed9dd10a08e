curl -s -H "$KEY" "$DEVICE/v1/agent/turns?limit=3"                   # newest first
curl -s -H "$KEY" "$DEVICE/v1/agent/turns/$(value turn)"             # all events of one
curl -s -H "$KEY" -X DELETE "$DEVICE/v1/agent/turns/$(value turn)"   # cancel it, if it runs
