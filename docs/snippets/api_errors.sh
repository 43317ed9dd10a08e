curl -s "$DEVICE/v1/agent/state"                                                      # 401
curl -s -H "$KEY" -H "$JSON" "$DEVICE/v1/launch" -d '{}'                              # 403
curl -s -H "$KEY" -H "$JSON" "$DEVICE/v1/agent/turns" -d '{"txt": "hello"}'           # 400
curl -s -H "$KEY" -H "$JSON" "$DEVICE/v1/agent/calls" -d '{"capability": "car.fly"}'  # 404
