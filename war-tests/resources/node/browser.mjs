// What a page does with OpenAI's SDK. Node asks no server for permission, so this does what a browser does:
// arguments are the base URL, the page's origin and an API key.
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const [, , baseURL, origin, apiKey] = process.argv;

// https://fetch.spec.whatwg.org/#cors-safelisted-request-header, as far as it matters here.
const SAFE = ['accept', 'accept-language', 'content-language'];

let preflights = 0;

async function fetchAsABrowser(url, init) {
  const headers = new Headers(init.headers);
  const named = [...headers.keys()].filter((name) => !SAFE.includes(name)).sort();
  const preflight = await fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': init.method.toUpperCase(),
      'access-control-request-headers': named.join(','),
    },
  });
  preflights++;
  assert.ok(preflight.ok, `preflight: ${preflight.status}`);
  assert.equal(preflight.headers.get('access-control-allow-origin'), origin);
  const listed = (header) => (preflight.headers.get(header) ?? '').toLowerCase().split(/\s*,\s*/);
  assert.ok(listed('access-control-allow-methods').includes(init.method.toLowerCase()), init.method);
  for (const name of named) {
    assert.ok(listed('access-control-allow-headers').includes(name), name);
  }

  headers.set('origin', origin);
  const answer = await fetch(url, { ...init, headers });
  assert.equal(answer.headers.get('access-control-allow-origin'), origin);
  assert.equal(answer.headers.get('access-control-allow-credentials'), null);
  const readable = answer.headers.get('access-control-expose-headers').split(/\s*,\s*/);
  const shown = [...answer.headers].filter(([name]) => readable.includes(name) || name === 'content-type');
  return new Response(answer.body, { status: answer.status, headers: shown });
}

const options = { baseURL, apiKey, fetch: fetchAsABrowser, dangerouslyAllowBrowser: true };
const client = new OpenAI({ ...options, organization: 'org-1', project: 'proj-1' });

const conversation = await client.conversations.create(
  { items: [{ role: 'user', content: 'hello' }] },
  { headers: { 'Idempotency-Key': 'browser-1', 'X-Client-Request-Id': 'page-1' } },
);
assert.match(conversation._request_id, /^req_/);
assert.equal((await client.conversations.items.list(conversation.id)).data.length, 1);
await client.put('/responses/resp_page', { body: { model: 'm', input: 'hello', output: [] } });
assert.equal((await client.responses.retrieve('resp_page')).status, 'completed');
await client.responses.delete('resp_page');

// A page can read why it was refused.
const stranger = new OpenAI({ ...options, apiKey: 'none' });
await assert.rejects(stranger.conversations.retrieve('conv_1'), (error) => {
  assert.ok(error instanceof OpenAI.AuthenticationError);
  assert.match(error.requestID, /^req_/);
  return true;
});
assert.equal(preflights, 6);

console.log('all well');
