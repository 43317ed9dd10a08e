curl -s -H "$OWNER" -H "$JSON" "$DEVICE/v1/simulation/drive" -d '{"gear": "D", "speed_km_h": 60}'
curl -s -H "$OWNER" -H "$JSON" "$DEVICE/v1/simulation/sensor" \
  -d '{"path": "Vehicle.Body.Raindetection.Intensity", "value": 40}'
curl -s -H "$OWNER" -H "$JSON" "$DEVICE/v1/simulation/fault" \
  -d '{"kind": "stuck", "target": "Vehicle.Cabin.Door.Row1.DriverSide.Window", "at": 20}'
curl -s -H "$OWNER" "$DEVICE/v1/simulation/fault"                      # what is broken
curl -s -H "$OWNER" -X DELETE "$DEVICE/v1/simulation/fault"            # all repaired
