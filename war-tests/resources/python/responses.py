# What an application does with OpenAI's SDK through the gateway, against the base URL given. ResponseSdkIT answers for the model.
import sys

from openai import OpenAI

client = OpenAI(base_url=sys.argv[1], api_key="none", max_retries=0)
conversation = client.conversations.create()


def texts():
    items = client.conversations.items.list(conversation.id, order="asc")
    return [item.content[0].text for item in items if item.type == "message"]


# As a stream, with the SDK's helper.
with client.responses.stream(model="m", input="q1", conversation=conversation.id) as stream:
    types = [event.type for event in stream]
    first = stream.get_final_response()
assert types[0] == "response.created" and types[-1] == "response.completed", types
assert first.output_text == "Take an umbrella.", first
assert first.id.startswith("resp_"), first.id
# The next turn does not wait for anything.
assert texts() == ["q1", "Take an umbrella."], texts()

# As one answer, with the reasoning of the first one in its context.
second = client.responses.create(model="m", input="q2", conversation=conversation.id)
assert second.output_text == "It will.", second
assert second.conversation.id == conversation.id
assert texts() == ["q1", "Take an umbrella.", "q2", "It will."], texts()

# As a plain stream, from a previous response.
events = list(client.responses.create(model="m", input="q3", previous_response_id=first.id, stream=True))
third = events[-1].response
assert third.previous_response_id == first.id
assert third.output[0].type == "function_call" and third.output[0].arguments == '{"city":"Lisbon"}', third

kept = client.responses.retrieve(third.id)
assert kept.status == "completed" and kept.output[0].call_id == "call_1", kept
assert [item.content[0].text for item in client.responses.input_items.list(third.id)] == ["q3"]
print("all well")
