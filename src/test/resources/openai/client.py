"""What a user of the official client does; what it saw is one JSON object on standard output.

client.py URL STOP: the gateway's address, and a word of the answer to stop at.
"""

import json
import sys

import openai

url, stop = sys.argv[1:]
client = openai.OpenAI(base_url=url + "/v1", api_key="none", max_retries=0)


def ask(content="want 25 words", model="fake", **options):
    messages = [{"role": "user", "content": content}]
    return client.chat.completions.create(model=model, messages=messages, seed=7, **options)


def counts(usage):
    return [usage.prompt_tokens, usage.completion_tokens, usage.total_tokens]


def whole(**options):
    answer = ask(**options)
    choice = answer.choices[0]
    return {
        "role": choice.message.role,
        "text": choice.message.content,
        "finish": choice.finish_reason,
        "usage": counts(answer.usage),
    }


def streamed():
    seen = {"text": "", "pieces": 0}
    for chunk in ask(stream=True, stream_options={"include_usage": True}):
        if chunk.usage:
            seen["usage"] = counts(chunk.usage)
        for choice in chunk.choices:
            if choice.delta.content:
                seen["text"] += choice.delta.content
                seen["pieces"] += 1
            if choice.finish_reason:
                seen["finish"] = choice.finish_reason
    return seen


def choices():
    """Two choices, whole and streamed."""
    answer = ask(n=2)
    texts = ["", ""]
    for chunk in ask(n=2, stream=True):
        for choice in chunk.choices:
            texts[choice.index] += choice.delta.content or ""
    return {
        "whole": [choice.message.content for choice in answer.choices],
        "streamed": texts,
        "usage": counts(answer.usage),
    }


def scored():
    """Logprobs, whole and streamed: the text that each spells, and how many alternatives a token has."""
    content = ask(logprobs=True, top_logprobs=2).choices[0].logprobs.content
    streamed = []
    for chunk in ask(logprobs=True, top_logprobs=2, stream=True):
        for choice in chunk.choices:
            if choice.logprobs:
                streamed += choice.logprobs.content
    return {
        "whole": b"".join(bytes(token.bytes) for token in content).decode(),
        "streamed": "".join(token.token for token in streamed),
        "logprobs": sorted({token.logprob for token in content}),
        "top": sorted({len(token.top_logprobs) for token in content + streamed}),
    }


def left():
    """Goes away in the middle of an answer."""
    with ask("want 1500 words", max_tokens=2000, stream=True) as stream:
        for chunk in stream:
            if chunk.choices[0].delta.content:
                return True


def error(**options):
    try:
        answer = ask(**options)
        if options.get("stream"):
            for _ in answer:
                pass
        return {"class": "none"}
    except openai.APIError as e:
        return {
            "class": type(e).__name__,
            "status": getattr(e, "status_code", None),
            "type": e.type,
            "code": e.code,
            "param": e.param,
        }


TOOL = {"type": "function", "function": {"name": "f", "parameters": {}}}
TOO_LONG = "word " * 3000
print(
    json.dumps({
        "models": [model.id for model in client.models.list()],
        "model": client.models.retrieve("fake").id,
        "whole": whole(),
        "streamed": streamed(),
        "stopped": whole(stop=[stop]),
        "limited": whole(max_tokens=5),
        "choices": choices(),
        "scored": scored(),
        "left": left(),
        "temperature": error(temperature=9),
        "tools": error(tools=[TOOL]),
        "unknown": error(model="nobody"),
        "long": error(content=TOO_LONG),
        "long streamed": error(content=TOO_LONG, stream=True),
    })
)
