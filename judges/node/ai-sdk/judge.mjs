// Vercel's AI SDK over @ai-sdk/openai-compatible, and its Open Responses provider.

import assert from 'node:assert/strict';
import { createOpenResponses } from '@ai-sdk/open-responses';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { Output, embedMany, generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { BASE_URL, EMBEDDING_MODEL, KEY, MODEL, main, one } from './cases.mjs';

const compatible = createOpenAICompatible({
  name: 'edgewise',
  baseURL: BASE_URL,
  apiKey: KEY,
  includeUsage: true,
  supportsStructuredOutputs: true,
});
const chat = compatible(MODEL);
const open = createOpenResponses({ name: 'edgewise', url: `${BASE_URL}/responses`, apiKey: KEY });
const responses = open(MODEL);
const City = z.object({ name: z.string(), people: z.number().int() });
const BOTH = 'weather in Oslo for 3 days, and the clock there';

function tools(called) {
  return {
    get_weather: tool({
      description: 'The weather of a city',
      inputSchema: z.object({ city: z.string(), days: z.number().int() }),
      execute: async (given) => (called.push(given), 'sunny'),
    }),
    get_clock: tool({
      inputSchema: z.object({ city: z.string() }),
      execute: async (given) => (called.push(given), 'noon'),
    }),
  };
}

for (const [kind, model] of [['chat', chat], ['responses', responses]]) {
  const asked = { model, maxRetries: 0 };

  one(`${kind}: generateText with usage`, async () => {
    const made = await generateText({ ...asked, prompt: 'hello over there' });
    assert.equal(made.text, 'hello over there');
    assert.equal(made.usage.outputTokens, 3);
    assert.equal(made.finishReason, 'stop');
  });

  one(`${kind}: streamText with usage`, async () => {
    const made = streamText({ ...asked, prompt: 'a b c d' });
    const pieces = [];
    for await (const piece of made.textStream) pieces.push(piece);
    assert.deepEqual(pieces, ['a', ' b', ' c', ' d']);
    assert.equal((await made.usage).outputTokens, 4);
  });

  one(`${kind}: tools in several steps`, async () => {
    const called = [];
    const made = await generateText({
      ...asked,
      prompt: BOTH,
      tools: tools(called),
      stopWhen: stepCountIs(4),
    });
    assert.deepEqual(called[0], { city: 'Oslo', days: 3 });
    assert.equal(called.length, 2);
    assert.equal(made.text, 'sunny\nnoon');
    assert.equal(made.steps.length, 2);
  });

  one(`${kind}: tools in a stream`, async () => {
    const called = [];
    const made = streamText({
      ...asked,
      prompt: BOTH,
      tools: tools(called),
      stopWhen: stepCountIs(4),
    });
    assert.equal(await made.text, 'sunny\nnoon');
    assert.equal(called.length, 2);
  });

  one(`${kind}: an object by a schema`, async () => {
    const made = await generateText({
      ...asked,
      prompt: "the city 'Oslo' of 700000",
      output: Output.object({ schema: City }),
    });
    assert.deepEqual(made.output, { name: 'Oslo', people: 700000 });
  });

  one(`${kind}: toolChoice required and none`, async () => {
    const given = { ...asked, prompt: 'nothing to do with it', tools: tools([]) };
    const forced = await generateText({ ...given, toolChoice: 'required' });
    assert.equal(forced.toolCalls.length, 1);
    const none = await generateText({ ...given, prompt: BOTH, toolChoice: 'none' });
    assert.equal(none.toolCalls.length, 0);
  });

  one(`${kind}: an error has its status`, async () => {
    const nobody = (kind === 'chat' ? compatible : open)('nobody');
    await assert.rejects(generateText({ ...asked, model: nobody, prompt: 'x' }), (error) => {
      return error.statusCode === 404;
    });
  });
}

one('embedMany', async () => {
  const made = await embedMany({
    model: compatible.embeddingModel(EMBEDDING_MODEL),
    values: ['one', 'two'],
    maxRetries: 0,
  });
  assert.equal(made.embeddings.length, 2);
});

await main();
