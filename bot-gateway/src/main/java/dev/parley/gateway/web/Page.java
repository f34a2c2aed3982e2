package dev.parley.gateway.web;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/// The chat page: a few static files from the class path, held in memory.
final class Page implements HttpService {
  /// Nothing but our own files, no inline script or style, no frames, no forms to elsewhere.
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private static final List<Asset> ASSETS =
      List.of(
          asset("/", "index.html", "text/html; charset=utf-8"),
          asset("/app.css", "app.css", "text/css; charset=utf-8"),
          asset("/app.js", "app.js", "text/javascript; charset=utf-8"),
          asset("/client.js", "client.js", "text/javascript; charset=utf-8"),
          asset("/markdown.js", "markdown.js", "text/javascript; charset=utf-8"),
          asset("/icon.svg", "icon.svg", "image/svg+xml"));

  private record Asset(String path, String type, String content, String tag) {}

  @Override
  public void routing(HttpRules rules) {
    ASSETS.forEach(
        asset -> rules.get(asset.path, (request, response) -> serve(asset, request, response)));
  }

  private static void serve(Asset asset, ServerRequest request, ServerResponse response) {
    response
        .header(HeaderNames.ETAG, asset.tag)
        .header(HeaderNames.CACHE_CONTROL, "no-cache")
        .header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    if (request.headers().first(HeaderNames.IF_NONE_MATCH).filter(asset.tag::equals).isPresent()) {
      response.status(Status.NOT_MODIFIED_304).send();
      return;
    }
    response
        .header(HeaderNames.CONTENT_TYPE, asset.type)
        .send(asset.content.getBytes(StandardCharsets.UTF_8));
  }

  private static Asset asset(String path, String name, String type) {
    try (InputStream in = Page.class.getResourceAsStream("page/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the page's file is missing from the jar: " + name);
      }
      byte[] content = in.readAllBytes();
      CRC32C sum = new CRC32C();
      sum.update(content);
      return new Asset(
          path,
          type,
          new String(content, StandardCharsets.UTF_8),
          "\"" + Long.toHexString(sum.getValue()) + "\"");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the page's file " + name, e);
    }
  }
}
