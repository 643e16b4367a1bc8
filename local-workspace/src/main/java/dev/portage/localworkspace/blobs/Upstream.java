package dev.portage.localworkspace.blobs;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/** A real blob store behind the workspace, over HTTP. */
final class Upstream implements AutoCloseable {
  private static final int PIECE = 256 * 1024;

  /** Headers of one connection. */
  private static final Set<String> OWN =
      Set.of(
          "authorization",
          "connection",
          "content-length",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** A call of the workspace's own. */
  HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      // The address is not quoted: it may hold a signature.
      throw new IOException("The blob store at " + place(request.uri()) + " does not respond", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Passes a call on to an address, and the answer back. */
  void pass(BlobCall call, URI target) throws IOException, InterruptedException {
    HttpServletRequest in = call.exchange().req();
    HttpRequest.Builder out = HttpRequest.newBuilder(target).method(call.method(), body(call));
    for (String name : (Iterable<String>) () -> in.getHeaderNames().asIterator()) {
      if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
        in.getHeaders(name).asIterator().forEachRemaining(value -> out.header(name, value));
      }
    }
    HttpResponse<InputStream> response;
    try {
      response = client.send(out.build(), BodyHandlers.ofInputStream());
    } catch (IOException | UncheckedIOException e) {
      throw new IOException("The blob store at " + place(target) + " does not respond", e);
    }
    try (InputStream body = response.body()) {
      if (call.answerIsLost()) {
        body.transferTo(OutputStream.nullOutputStream());
        call.done(response.statusCode());
        return;
      }
      call.exchange().res().setContentType(null);
      response
          .headers()
          .map()
          .forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":")) {
              call.exchange().res().setHeader(name, values.getFirst());
            }
          });
      response
          .headers()
          .firstValueAsLong("content-length")
          .ifPresent(call.exchange().res()::setContentLengthLong);
      OutputStream to = call.output(response.statusCode());
      byte[] piece = new byte[PIECE];
      for (int n = body.read(piece); n >= 0; n = body.read(piece)) {
        to.write(piece, 0, n);
      }
      to.flush();
    }
  }

  private static BodyPublisher body(BlobCall call) {
    long length = call.exchange().req().getContentLengthLong();
    boolean chunked = call.exchange().header("Transfer-Encoding") != null;
    if (length <= 0 && !chunked) {
      return BodyPublishers.noBody();
    }
    BodyPublisher stream =
        BodyPublishers.ofInputStream(() -> {
          try {
            return call.input();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return length > 0 ? BodyPublishers.fromPublisher(stream, length) : stream;
  }

  private static String place(URI uri) {
    return uri.getScheme() + "://" + uri.getAuthority();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
