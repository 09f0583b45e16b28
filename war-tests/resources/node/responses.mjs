// What an application does with OpenAI's SDK through the gateway, against the base URL given. ResponseSdkIT answers for the
// model.
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: process.argv[2], apiKey: 'none', maxRetries: 0 });
const conversation = await client.conversations.create();

const texts = async () => {
  const found = [];
  for await (const item of client.conversations.items.list(conversation.id, { order: 'asc' })) {
    if (item.type === 'message') {
      found.push(item.content[0].text);
    }
  }
  return found;
};

// As a stream, with the SDK's helper.
const types = [];
const stream = client.responses.stream({ model: 'm', input: 'q1', conversation: conversation.id });
stream.on('event', (event) => types.push(event.type));
const first = await stream.finalResponse();
assert.equal(types.at(0), 'response.created');
assert.equal(types.at(-1), 'response.completed');
assert.equal(first.output_text, 'Take an umbrella.');
assert.match(first.id, /^resp_/);
// The next turn does not wait for anything.
assert.deepEqual(await texts(), ['q1', 'Take an umbrella.']);

// As one answer, with the reasoning of the first one in its context.
const second = await client.responses.create({ model: 'm', input: 'q2', conversation: conversation.id });
assert.equal(second.output_text, 'It will.');
assert.equal(second.conversation.id, conversation.id);
assert.deepEqual(await texts(), ['q1', 'Take an umbrella.', 'q2', 'It will.']);

// With the helper again, from a previous response.
const third = await client.responses
  .stream({ model: 'm', input: 'q3', previous_response_id: first.id })
  .finalResponse();
assert.equal(third.previous_response_id, first.id);
assert.equal(third.output[0].type, 'function_call');
assert.equal(third.output[0].arguments, '{"city":"Lisbon"}');

const kept = await client.responses.retrieve(third.id);
assert.equal(kept.status, 'completed');
assert.equal(kept.output[0].call_id, 'call_1');
const input = await client.responses.inputItems.list(third.id);
assert.deepEqual(input.data.map((item) => item.content[0].text), ['q3']);

console.log('all well');
