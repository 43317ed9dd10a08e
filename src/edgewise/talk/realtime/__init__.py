"""The realtime API over a conversation: OpenAI's events and StepFun's, on any socket."""
