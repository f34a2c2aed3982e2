#!/usr/bin/env python3
"""Makes the golden file of the engine's greedy answers.

It starts llama-server with the libraries that Parley loads and with the same batch sizes, has it tokenize a fixed
set of prompts, and lets it answer each of them alone, greedily and without its prompt cache. What the test reads
is token ids, and how far the second best token was behind each:

    infra/golden/greedy.py --server LLAMA_SERVER --model SmolLM2-135M-Instruct.Q4_1.gguf --libraries DIRECTORY

Standard library only.
"""

import argparse
import hashlib
import pathlib
import sys

from llama_server import ask, serving, write_json

TARGET = pathlib.Path(__file__).resolve().parents[2] / (
    "worker/src/test/resources/dev/parley/worker/engine/golden"
)

# The engine's own shapes when one request runs alone: EngineSettings.DEFAULT.stepTokens() rows in a prompt's call, one
# thread (TestModel.THREADS), an f16 cache, flash attention.
FLAGS = "-np 1 -c 1024 -b 256 -ub 256 -t 1 -tb 1 -fa on -ctk f16 -ctv f16"

TOKENS = 4
LONG_TOKENS = 24
EVERY_LONG = 12

TOPICS = [
    "the sea", "a lighthouse", "Paris", "tea", "gravity", "the number seven", "a broken clock", "snow", "bees", "chess",
    "the moon", "old maps", "a river", "bread", "jazz", "volcanoes", "a library", "rust", "whales", "the colour blue",
    "poker", "glass", "kites", "owls", "silk",
]  # fmt: skip

QUESTIONS = ["What is {}?", "Write a short poem about {}.", "Tell me three facts about {}.", "Why do people like {}?"]

RAW = [
    "The quick brown fox",
    "def fibonacci(n):\n    ",
    "1, 2, 3, 4, 5,",
    "Zwölf Boxkämpfer jagen Viktor",
    "東京は",
    "😀 means",
    "SELECT name FROM",
    "\n\n\n",
    "a",
    "<|im_start|>system\nYou are a pirate.<|im_end|>\n<|im_start|>user\nHello!<|im_end|>\n<|im_start|>assistant\n",
]

# Prompts cut to these lengths: around a chunk of 64 rows, and around one call's 256.
LENGTHS = [1, 63, 64, 65, 256, 257]


def chat(text):
    return f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n"


def texts():
    return [chat(question.format(topic)) for topic in TOPICS for question in QUESTIONS] + RAW


def tokenize(port, text):
    body = {"content": text, "add_special": False, "parse_special": True}
    return ask(port, "/tokenize", body)[1]["tokens"]


def prompts(port):
    short = [tokenize(port, text) for text in texts()]
    whole = [token for prompt in short for token in prompt]
    return short + [whole[:length] for length in LENGTHS]


def margins_of(ids, steps):
    """By how much each token was the best; 0 inside a character, where the server does not say."""
    margins, left = [], list(steps)
    for token in ids:
        known = left and left[0]["id"] == token
        first, second = [top["logprob"] for top in left.pop(0)["top_logprobs"]] if known else (0, 0)
        margins.append(round(first - second, 3))
    return margins


def answer(port, prompt, tokens):
    request = {
        "prompt": prompt, "n_predict": tokens, "temperature": 0, "cache_prompt": False, "return_tokens": True, "n_probs": 2,
    }  # fmt: skip
    status, body = ask(port, "/completion", request)
    if status != 200 or body["tokens_evaluated"] != len(prompt):
        sys.exit(f"the server does not compute {prompt}: {status} {body}")
    ids = body["tokens"]
    margins = margins_of(ids, body["completion_probabilities"])
    ended = body["stop_type"] == "eos"
    if ended:
        # The token that ends an answer is none of its tokens.
        ids = ids[:-1]
    return {"prompt": prompt, "answer": ids, "ended": ended, "margins": margins}


def cpu_build(process):
    """The file name of the library's CPU build that the process has loaded: others round differently."""
    maps = pathlib.Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8")
    return sorted({line.rsplit("/", 1)[-1] for line in maps.splitlines() if "/libggml-cpu-" in line})[0]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--server", required=True, help="the llama-server of the pinned release")
    options.add_argument("--model", required=True, type=pathlib.Path)
    options.add_argument("--libraries", required=True, help="the directory of libllama that Parley loads")
    options.add_argument("--flags", default=FLAGS, help="the server's, to see what other batch sizes change")
    options.add_argument("--to", default=TARGET / "greedy.json", type=pathlib.Path, help="the file to write")
    chosen = options.parse_args()

    with serving(chosen.server, chosen.model, chosen.flags.split(), LD_LIBRARY_PATH=chosen.libraries) as (port, process):
        if port is None:
            sys.exit(f"{chosen.server} does not start with {chosen.model}")
        cases = []
        for number, prompt in enumerate(prompts(port)):
            cases.append(answer(port, prompt, LONG_TOKENS if number % EVERY_LONG == 0 else TOKENS))
        about = {
            "build": ask(port, "/props")[1].get("build_info", ""),
            "model": hashlib.sha256(chosen.model.read_bytes()).hexdigest(),
            "flags": chosen.flags,
            "cpu": cpu_build(process),
        }
    chosen.to.parent.mkdir(parents=True, exist_ok=True)
    write_json(chosen.to, about | {"cases": cases}, indent=None)
    print(len(cases), "prompts,", sum(len(case["answer"]) for case in cases), "tokens,", about["cpu"])


if __name__ == "__main__":
    main()
