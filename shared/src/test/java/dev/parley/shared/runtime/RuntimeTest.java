package dev.parley.shared.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.shared.config.HttpBind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RuntimeTest {
  @Test
  void parts_stop_in_reverse_order_once_and_all_of_them_even_when_some_fail() {
    var order = new ArrayList<String>();
    var lifecycle = new Lifecycle();
    lifecycle.started("first", () -> order.add("first"));
    lifecycle.started(
        "second",
        () -> {
          order.add("second");
          throw new IOException("two");
        });
    lifecycle.atStop(
        "third",
        () -> {
          order.add("third");
          throw new IOException("three");
        });
    assertThatThrownBy(lifecycle::close)
        .hasMessageContaining("[third, second]")
        .satisfies(failed -> assertThat(failed.getSuppressed()).hasSize(2));
    lifecycle.close();
    assertThat(order).containsExactly("third", "second", "first");
  }

  @Test
  void a_stop_that_is_requested_wakes_the_one_who_waits() throws InterruptedException {
    var stop = StopSignal.manual();
    assertThat(stop.isRequested()).isFalse();
    var requester = Threads.start("requester", stop::request);
    stop.await();
    assertThat(stop.isRequested()).isTrue();
    requester.join();
  }

  @Test
  void readiness_names_what_is_missing_and_metrics_are_served()
      throws IOException, InterruptedException {
    var broker = new AtomicReference<Optional<String>>(Optional.of("no answer from broker"));
    var readiness = new Readiness();
    readiness.add("kafka", broker::get);
    readiness.add("redis", Optional::empty);
    try (var metrics = Metrics.create();
        var server =
            new Management(readiness, metrics).serve(new HttpBind("127.0.0.1", 0, List.of()))) {
      metrics.timeToFirstToken("m").record(java.time.Duration.ofMillis(3));
      var notReady = get(server, "/health/ready");
      assertThat(notReady.statusCode()).isEqualTo(503);
      assertThat(notReady.body()).contains("\"kafka: no answer from broker\"");
      broker.set(Optional.empty());
      assertThat(get(server, "/health/ready").statusCode()).isEqualTo(200);
      assertThat(get(server, "/health/live").body()).isEqualTo("{\"live\":true}");
      assertThat(get(server, "/metrics").body())
          .contains("gen_ai_server_time_to_first_token_seconds_bucket")
          .contains("le=\"0.005\"");
    }
  }

  @Test
  void a_taken_port_is_one_clear_line() {
    try (var metrics = Metrics.create();
        var server =
            new Management(new Readiness(), metrics)
                .serve(new HttpBind("127.0.0.1", 0, List.of()))) {
      var same = new HttpBind("127.0.0.1", server.port(), List.of());
      assertThatThrownBy(() -> new Management(new Readiness(), metrics).serve(same))
          .hasMessageContaining("Port " + server.port())
          .hasMessageContaining("--port");
    }
  }

  private static HttpResponse<String> get(HttpServer server, String path)
      throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
