FOLDER=${EDGEWISE_HOME:-$HOME/.local/share/edgewise}
DEVICE=$(grep -o 'http://[0-9.:]*' "$FOLDER/device.json")
KEY="Authorization: Bearer $(cat "$FOLDER/program-token")"
JSON="Content-Type: application/json"
curl -s "$DEVICE/v1/health"
