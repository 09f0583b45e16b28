// What an application does with OpenAI's SDK, against the base URL given.
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: process.argv[2], apiKey: 'none' });

const message = (text) => ({ role: 'user', content: text });
const texts = async (list) => {
  const found = [];
  for await (const item of list) {
    found.push(item.content[0].text);
  }
  return found;
};

const conversation = await client.conversations.create({
  metadata: { topic: 'smoke' },
  items: [message('t0'), message('t1')],
});
assert.equal(conversation.object, 'conversation');
assert.deepEqual(conversation.metadata, { topic: 'smoke' });
assert.match(conversation._request_id, /^req_/);
assert.deepEqual({ ...(await client.conversations.create()) }.metadata, {});

const id = conversation.id;
const added = await client.conversations.items.create(id, {
  items: [message('t2'), message('t3'), message('t4')],
  include: ['message.output_text.logprobs'],
});
assert.equal(added.data.length, 3);
assert.equal(added.has_more, false);

const inOrder = ['t0', 't1', 't2', 't3', 't4'];
const { items } = client.conversations;
assert.deepEqual(await texts(items.list(id, { order: 'asc', limit: 2 })), inOrder);
assert.deepEqual(await texts(items.list(id, { limit: 2 })), inOrder.toReversed());
assert.deepEqual(await texts(items.list(id)), inOrder.toReversed());

const last = await items.retrieve(added.last_id, { conversation_id: id });
assert.equal(last.content[0].text, 't4');
assert.equal((await items.delete(last.id, { conversation_id: id })).id, id);
await assert.rejects(items.retrieve(last.id, { conversation_id: id }), OpenAI.NotFoundError);

const updated = await client.conversations.update(id, { metadata: { state: 'done' } });
assert.deepEqual(updated.metadata, { state: 'done' });

await assert.rejects(items.list(id, { limit: 1000 }), (error) => {
  assert.ok(error instanceof OpenAI.BadRequestError);
  assert.equal(error.status, 400);
  assert.equal(error.code, 'integer_above_max_value');
  assert.equal(error.param, 'limit');
  assert.equal(error.type, 'invalid_request_error');
  assert.match(error.requestID, /^req_/);
  return true;
});

await client.put('/responses/resp_node', {
  body: { model: 'm', input: [message('a'), message('b'), message('c')], output: [] },
});
assert.equal((await client.responses.retrieve('resp_node')).status, 'completed');
assert.deepEqual(
  await texts(client.responses.inputItems.list('resp_node', { order: 'asc', limit: 2 })),
  ['a', 'b', 'c'],
);
await client.responses.delete('resp_node');
await assert.rejects(client.responses.retrieve('resp_node'), OpenAI.NotFoundError);

assert.equal((await client.conversations.delete(id)).deleted, true);
await assert.rejects(client.conversations.retrieve(id), (error) => {
  assert.ok(error instanceof OpenAI.NotFoundError);
  assert.equal(error.message, `404 Conversation with id '${id}' not found.`);
  return true;
});

console.log('all well');
