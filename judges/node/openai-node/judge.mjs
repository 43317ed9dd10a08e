// The official openai SDK for Node: what a program written for OpenAI does, done here.

import assert from 'node:assert/strict';
import OpenAI, { toFile } from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { BASE_URL, EMBEDDING_MODEL, KEY, MODEL, NARROW_KEY, main, one } from './cases.mjs';

const client = (key = KEY) => new OpenAI({ baseURL: BASE_URL, apiKey: key, maxRetries: 0 });
const user = (content) => [{ role: 'user', content }];
const parameters = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer' } },
  required: ['city', 'days'],
  additionalProperties: false,
};
const weather = { type: 'function', function: { name: 'get_weather', parameters } };
const clock = {
  type: 'function',
  function: {
    name: 'get_clock',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const BOTH = 'weather in Oslo for 3 days, and the clock there';
const City = z.object({ name: z.string(), people: z.number().int() });
const OSLO = { name: 'Oslo', people: 700000 };

async function gathered(items) {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}

one('models: list and retrieve', async () => {
  const names = (await gathered(client().models.list())).map((model) => model.id);
  assert(names.includes(MODEL) && names.includes(EMBEDDING_MODEL));
  assert.equal((await client().models.retrieve(MODEL)).object, 'model');
});

one('chat: a completion with usage and a request id', async () => {
  const { data, request_id } = await client()
    .chat.completions.create({ model: MODEL, messages: user('hello over there') })
    .withResponse();
  assert.equal(data.choices[0].message.content, 'hello over there');
  assert.equal(data.usage.completion_tokens, 3);
  assert(request_id);
});

one('chat: a stream, with usage in its last chunk alone', async () => {
  const chunks = await gathered(
    await client().chat.completions.create({
      model: MODEL,
      messages: user('a b c'),
      stream: true,
      stream_options: { include_usage: true },
    }),
  );
  const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
  assert.equal(text, 'a b c');
  assert.equal(chunks.at(-1).usage.completion_tokens, 3);
  assert.equal(chunks.filter((chunk) => chunk.usage).length, 1);
});

one('chat: the stream helper gathers the final completion', async () => {
  const stream = client().chat.completions.stream({ model: MODEL, messages: user('a b c') });
  assert.equal(await stream.finalContent(), 'a b c');
});

one('chat: an aborted stream leaves the platform well', async () => {
  const asked = user('{"test": {"tokens": 400, "delay_ms": 5}}');
  const stream = await client().chat.completions.create({ model: MODEL, messages: asked, stream: true });
  for await (const chunk of stream) if (chunk) break;
  stream.controller.abort();
  assert(await client().chat.completions.create({ model: MODEL, messages: user('still here') }));
});

one('chat: parallel tool calls, whole and in a stream', async () => {
  const asked = { model: MODEL, messages: user(BOTH), tools: [weather, clock] };
  const made = await client().chat.completions.create(asked);
  assert.equal(made.choices[0].finish_reason, 'tool_calls');
  const names = (calls) => calls.map((call) => call.function.name);
  assert.deepEqual(names(made.choices[0].message.tool_calls), ['get_weather', 'get_clock']);
  const final = await client().chat.completions.stream(asked).finalMessage();
  assert.deepEqual(names(final.tool_calls), ['get_weather', 'get_clock']);
  assert.deepEqual(JSON.parse(final.tool_calls[0].function.arguments), { city: 'Oslo', days: 3 });
});

one('chat: runTools calls functions until the answer', async () => {
  const called = [];
  const runner = client().chat.completions.runTools({
    model: MODEL,
    messages: user('the weather in Oslo for 3 days'),
    tools: [
      {
        type: 'function',
        function: {
          name: 'get_weather',
          parameters,
          parse: JSON.parse,
          function: (given) => (called.push(given), 'sunny'),
        },
      },
    ],
  });
  assert.equal(await runner.finalContent(), 'sunny');
  assert.deepEqual(called, [{ city: 'Oslo', days: 3 }]);
});

one('chat: structured output by parse', async () => {
  const made = await client().chat.completions.parse({
    model: MODEL,
    messages: user("the city 'Oslo' of 700000"),
    response_format: zodResponseFormat(City, 'city'),
  });
  assert.deepEqual(made.choices[0].message.parsed, OSLO);
});

one('responses: create, retrieve, delete', async () => {
  const made = await client().responses.create({ model: MODEL, input: 'hello over there' });
  assert.equal(made.output_text, 'hello over there');
  assert.equal((await client().responses.retrieve(made.id)).status, 'completed');
  await client().responses.delete(made.id);
  await assert.rejects(client().responses.retrieve(made.id), OpenAI.NotFoundError);
});

one('responses: a stream and its final response', async () => {
  const stream = client().responses.stream({ model: MODEL, input: 'a b c' });
  const kinds = (await gathered(stream)).map((event) => event.type);
  assert.equal(kinds[0], 'response.created');
  assert.equal(kinds.at(-1), 'response.completed');
  assert.equal((await stream.finalResponse()).output_text, 'a b c');
});

one('responses: a tool call and its result', async () => {
  const tools = [{ type: 'function', name: 'get_weather', parameters, strict: true }];
  const input = 'the weather in Oslo for 3 days';
  const first = await client().responses.create({ model: MODEL, input, tools });
  const call = first.output.find((item) => item.type === 'function_call');
  const second = await client().responses.create({
    model: MODEL,
    previous_response_id: first.id,
    input: [{ type: 'function_call_output', call_id: call.call_id, output: 'sunny' }],
    tools,
  });
  assert.equal(second.output_text, 'sunny');
});

one('responses: structured output by parse', async () => {
  const made = await client().responses.parse({
    model: MODEL,
    input: "the city 'Oslo' of 700000",
    text: { format: zodTextFormat(City, 'city') },
  });
  assert.deepEqual(made.output_parsed, OSLO);
});

one('responses: in the background, then cancel', async () => {
  const input = '{"test": {"tokens": 2000, "delay_ms": 10}}';
  const made = await client().responses.create({ model: MODEL, input, background: true });
  assert.equal((await client().responses.cancel(made.id)).status, 'cancelled');
});

one('embeddings: floats and dimensions', async () => {
  const made = await client().embeddings.create({ model: EMBEDDING_MODEL, input: ['one', 'two'] });
  assert.equal(made.data.length, 2);
  assert.equal(typeof made.data[0].embedding[0], 'number');
});

one('files: upload, list, content, delete', async () => {
  const file = await toFile(Buffer.from('{"a": 1}\n'), 'notes.jsonl');
  const made = await client().files.create({ file, purpose: 'batch' });
  const ids = (await gathered(client().files.list())).map((held) => held.id);
  assert(ids.includes(made.id));
  assert.equal(await (await client().files.content(made.id)).text(), '{"a": 1}\n');
  assert((await client().files.delete(made.id)).deleted);
});

one('batches: create, wait, read the output', async () => {
  const lines = [0, 1, 2].map((number) =>
    JSON.stringify({
      custom_id: `line-${number}`,
      method: 'POST',
      url: '/v1/chat/completions',
      body: { model: MODEL, messages: user(`line ${number}`) },
    }),
  );
  const file = await toFile(Buffer.from(lines.join('\n')), 'lines.jsonl');
  const held = await client().files.create({ file, purpose: 'batch' });
  let batch = await client().batches.create({
    input_file_id: held.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  });
  for (let tries = 0; tries < 100 && batch.status !== 'completed'; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    batch = await client().batches.retrieve(batch.id);
  }
  assert.equal(batch.status, 'completed');
  const told = await (await client().files.content(batch.output_file_id)).text();
  assert.equal(told.trim().split('\n').length, 3);
});

one('errors: a wrong key is AuthenticationError', async () => {
  await assert.rejects(client('sk-wrong').models.list(), OpenAI.AuthenticationError);
});

one('errors: an unknown model is NotFoundError', async () => {
  const asked = { model: 'nobody', messages: user('hi') };
  await assert.rejects(client().chat.completions.create(asked), (error) => {
    return error instanceof OpenAI.NotFoundError && error.code === 'model_not_found';
  });
});

one('errors: too many requests is RateLimitError', async () => {
  const asked = { model: MODEL, messages: user('hi') };
  const twice = async () => {
    for (const _ of [1, 2]) await client(NARROW_KEY).chat.completions.create(asked);
  };
  await assert.rejects(twice(), OpenAI.RateLimitError);
});

await main();
