/// The engine on somebody else's server: vLLM, SGLang, LMDeploy, TensorRT-LLM, llama-server, or whatever else
/// streams `POST /v1/chat/completions`. The same queue, promise, cancel and metrics stand before it.
///
/// [RemoteEngine] is the thread and the mailbox; [RemoteRequests] decides, [RemoteRequest] and [RemoteCall] are
/// its machines, [HttpCalls] the sockets. It knows `worker.engine`, `shared.wire`, `shared.openai` (the framing
/// of events), Jackson, Resilience4j, Micrometer and the JDK's HTTP client.
///
/// # What is promised
///
/// Each request ends exactly once; what it ends with:
///
/// | the server | the request |
/// |---|---|
/// | cannot be connected to, or says 429 or 503 | is sent again until its time is over (`PARLEY_TURN_DEADLINE`), after what `Retry-After` says (a minute at most) or 0.25 to 10 s |
/// | says another 5xx, breaks off or is silent before the first piece | is sent again, four times in all |
/// | breaks off or is silent after the first piece | ends with an apology |
/// | says 400 or another 4xx | ends as too long, or as declined |
/// | says 401, 403, 404 | ends with an apology; the log says what to correct |
/// | sends no event stream, no JSON, an endless event, an error in the stream | ends with an apology |
/// | says how the answer ended, and then breaks off | ends whole; usage may be pieces instead of tokens |
/// | never says how the answer ended, `[DONE]` or not | ends with an apology |
///
/// While calls fail a circuit breaker holds new ones back: they wait (`resilience4j_circuitbreaker_state` tells in
/// which state it is, `resilience4j_circuitbreaker_not_permitted_calls_total` how often it held one back, asked
/// again four times a second). Their turn's deadline ends them if nothing
/// else does, as it ends a turn that waits for a worker. Cancelling closes the connection.
///
/// # What is not
///
/// - **No answer is continued.** There are no token ids: an answer that a killed worker had begun begins
///   anew, announced by [dev.parley.worker.engine.EngineOutput.Restarted] together with its first piece, so that
///   a reader keeps the old text until there is a new one. To send the text so far as the beginning of the answer
///   would be continued by some servers, repeated or answered by others.
/// - **A piece is not a token.** Pieces carry no ids; their number counts only when the server tells no usage.
/// - **The draw is the server's.** Options it does not know are ignored or refused there; what is off here is its
///   own default; `seed` has 31 bits.
/// - **No steps, no preemption, no context size.** [dev.parley.worker.engine.Engine#steps] is empty, and what
///   is unknown is zero.
@NullMarked
package dev.parley.worker.openai;

import org.jspecify.annotations.NullMarked;
