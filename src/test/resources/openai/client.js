// What a user of the official client does; what it saw is one JSON object on standard output.
//
// client.js URL STOP: the gateway's address, and a word of the answer to stop at.

import OpenAI, { APIError } from "openai";

const [url, stop] = process.argv.slice(2);
const client = new OpenAI({ baseURL: url + "/v1", apiKey: "none", maxRetries: 0 });

function ask({ content = "want 25 words", model = "fake", ...options }) {
  const messages = [{ role: "user", content }];
  return client.chat.completions.create({ model, messages, seed: 7, ...options });
}

function counts(usage) {
  return [usage.prompt_tokens, usage.completion_tokens, usage.total_tokens];
}

async function whole(options) {
  const answer = await ask(options);
  const [choice] = answer.choices;
  return {
    role: choice.message.role,
    text: choice.message.content,
    finish: choice.finish_reason,
    usage: counts(answer.usage),
  };
}

async function streamed() {
  const seen = { text: "", pieces: 0 };
  for await (const chunk of await ask({ stream: true, stream_options: { include_usage: true } })) {
    if (chunk.usage) {
      seen.usage = counts(chunk.usage);
    }
    for (const choice of chunk.choices) {
      if (choice.delta.content) {
        seen.text += choice.delta.content;
        seen.pieces += 1;
      }
      seen.finish = choice.finish_reason ?? seen.finish;
    }
  }
  return seen;
}

// Two choices, whole and streamed.
async function choices() {
  const answer = await ask({ n: 2 });
  const texts = ["", ""];
  for await (const chunk of await ask({ n: 2, stream: true })) {
    for (const choice of chunk.choices) {
      texts[choice.index] += choice.delta.content ?? "";
    }
  }
  return {
    whole: answer.choices.map((choice) => choice.message.content),
    streamed: texts,
    usage: counts(answer.usage),
  };
}

// Logprobs, whole and streamed: the text that each spells, and how many alternatives a token has.
async function scored() {
  const wanted = { logprobs: true, top_logprobs: 2 };
  const { content } = (await ask(wanted)).choices[0].logprobs;
  const streamed = [];
  for await (const chunk of await ask({ ...wanted, stream: true })) {
    for (const choice of chunk.choices) {
      streamed.push(...(choice.logprobs?.content ?? []));
    }
  }
  return {
    whole: Buffer.from(content.flatMap((token) => token.bytes)).toString(),
    streamed: streamed.map((token) => token.token).join(""),
    logprobs: [...new Set(content.map((token) => token.logprob))],
    top: [...new Set([...content, ...streamed].map((token) => token.top_logprobs.length))],
  };
}

// Goes away in the middle of an answer: leaving the loop closes the connection.
async function left() {
  for await (const chunk of await ask({ content: "want 1500 words", max_tokens: 2000, stream: true })) {
    if (chunk.choices[0].delta.content) {
      return true;
    }
  }
}

async function error(options) {
  try {
    const answer = await ask(options);
    if (options.stream) {
      for await (const _ of answer);
    }
    return { class: "none" };
  } catch (e) {
    if (!(e instanceof APIError)) {
      throw e;
    }
    return {
      class: e.constructor.name,
      status: e.status ?? null,
      type: e.type ?? null,
      code: e.code ?? null,
      param: e.param ?? null,
    };
  }
}

const TOOL = { type: "function", function: { name: "f", parameters: {} } };
const TOO_LONG = "word ".repeat(3000);
const models = [];
for await (const model of client.models.list()) {
  models.push(model.id);
}
console.log(
  JSON.stringify({
    models,
    model: (await client.models.retrieve("fake")).id,
    whole: await whole({}),
    streamed: await streamed(),
    stopped: await whole({ stop: [stop] }),
    limited: await whole({ max_tokens: 5 }),
    choices: await choices(),
    scored: await scored(),
    left: await left(),
    temperature: await error({ temperature: 9 }),
    tools: await error({ tools: [TOOL] }),
    unknown: await error({ model: "nobody" }),
    long: await error({ content: TOO_LONG }),
    "long streamed": await error({ content: TOO_LONG, stream: true }),
  }),
);
