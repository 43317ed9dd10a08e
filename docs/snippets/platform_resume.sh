# A stream that goes on for 60 s without its client; each event has an id.
curl -sN "$CLOUD/v1/chat/completions" -H "Authorization: Bearer $KEY" \
  -H "Content-Type: application/json" -H "x-edgewise-resume: 60" -D headers.txt \
  -d '{"model": "'"$MODEL"'", "stream": true,
       "messages": [{"role": "user", "content": "Tell me a story."}]}' | head -n 6
# Back again: strictly what follows event 2, then what is still to come.
STREAM=$(sed -n 's/^x-edgewise-stream: //p' headers.txt | tr -d '\r')
curl -sN "$CLOUD/v1/streams/$STREAM" -H "Authorization: Bearer $KEY" -H "Last-Event-ID: 2"
