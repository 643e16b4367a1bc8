package dev.portage.localworkspace.registry;

import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.protocol.ApiRefusal;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Passes MLflow's calls on to the real MLflow server. Bodies stream both ways in small pieces, so a
 * file of any size needs the same memory. The caller's token stays here: the server behind has no
 * login.
 */
public final class MlflowProxy implements AutoCloseable {
  private static final int PIECE = 256 * 1024;

  /** Headers of one connection, which must not be passed on, and the caller's login. */
  private static final Set<String> OWN =
      Set.of(
          "authorization",
          "connection",
          "content-length",
          "cookie",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private static final List<String> BASES =
      List.of(
          "/api/2.0/mlflow/*",
          "/api/3.0/mlflow/*",
          "/api/2.0/mlflow-artifacts/*",
          "/api/3.0/mlflow-artifacts/*");

  private static final List<HandlerType> METHODS =
      List.of(
          HandlerType.GET,
          HandlerType.HEAD,
          HandlerType.POST,
          HandlerType.PUT,
          HandlerType.PATCH,
          HandlerType.DELETE);

  private final @Nullable URI upstream;
  private final UnaryOperator<String> shown;
  private final Consumer<String> placed;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * A way through to a server.
   *
   * @param upstream the server's URL without a path; null where this workspace has none
   * @param shown what becomes of a JSON answer on its way; identity for nothing
   * @param placed refuses the path of a new experiment that has no folder
   */
  public MlflowProxy(@Nullable URI upstream, UnaryOperator<String> shown, Consumer<String> placed) {
    this.upstream = upstream;
    this.shown = shown;
    this.placed = placed;
  }

  /** Adds the calls. */
  public void addTo(ApiRoutes routes) {
    for (String base : BASES) {
      for (HandlerType method : METHODS) {
        routes.onJudged(
            method,
            base,
            context -> RegistryRights.of(context.req().getMethod(), context.req().getRequestURI()),
            this::pass);
      }
    }
  }

  private void pass(ApiCall call) throws InterruptedException {
    if (upstream == null) {
      throw ApiRefusal.unavailable("This workspace has no MLflow server behind it");
    }
    Context context = call.exchange();
    HttpResponse<InputStream> response;
    try {
      response = client.send(request(upstream, context.req()), BodyHandlers.ofInputStream());
    } catch (IOException | UncheckedIOException e) {
      throw ApiRefusal.unavailable(
          "The MLflow server behind this workspace at " + upstream + " does not respond: " + e);
    }
    try (InputStream body = response.body()) {
      if (call.answerIsLost()) {
        // The server has done its work once its answer is whole.
        body.transferTo(OutputStream.nullOutputStream());
        context.res().setStatus(response.statusCode());
        return;
      }
      answer(call, response, body);
    } catch (IOException e) {
      if (!context.res().isCommitted()) {
        throw ApiRefusal.unavailable(
            "The MLflow server behind this workspace interrupted its response");
      }
      // Too late for an error: the caller must see that the answer is not whole.
      throw new UncheckedIOException(e);
    }
  }

  private HttpRequest request(URI upstream, HttpServletRequest in) throws UncheckedIOException {
    String query = in.getQueryString();
    // The path is passed on as it came, so that names with escapes in them stay what they are.
    URI target = URI.create(upstream + in.getRequestURI() + (query == null ? "" : "?" + query));
    HttpRequest.Builder out = HttpRequest.newBuilder(target).method(in.getMethod(), body(in));
    for (String name : (Iterable<String>) () -> in.getHeaderNames().asIterator()) {
      if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
        in.getHeaders(name).asIterator().forEachRemaining(value -> out.header(name, value));
      }
    }
    return out.build();
  }

  private BodyPublisher body(HttpServletRequest in) {
    long length = in.getContentLengthLong();
    boolean chunked = in.getHeader("Transfer-Encoding") != null;
    if (length <= 0 && !chunked) {
      return BodyPublishers.noBody();
    }
    if (ExperimentNames.areGivenBy(in.getMethod(), in.getRequestURI())) {
      return named(in);
    }
    BodyPublisher stream =
        BodyPublishers.ofInputStream(() -> {
          try {
            return in.getInputStream();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return length > 0 ? BodyPublishers.fromPublisher(stream, length) : stream;
  }

  private BodyPublisher named(HttpServletRequest in) {
    try (InputStream stream = in.getInputStream()) {
      byte[] body = ExperimentNames.kept(stream.readAllBytes());
      String name = ExperimentNames.of(body);
      // What is no path is the server's own to judge.
      if (name.startsWith("/")) {
        placed.accept(name);
      }
      return BodyPublishers.ofByteArray(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(ApiCall call, HttpResponse<InputStream> response, InputStream body)
      throws IOException {
    HttpServletResponse out = call.exchange().res();
    out.setStatus(response.statusCode());
    // What the server does not say must not be made up here.
    out.setContentType(null);
    response
        .headers()
        .map()
        .forEach((name, values) -> {
          if (!OWN.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":")) {
            out.setHeader(name, values.getFirst());
            values.stream().skip(1).forEach(value -> out.addHeader(name, value));
          }
        });
    String path = call.exchange().req().getRequestURI();
    String type = response.headers().firstValue("content-type").orElse("");
    if (type.startsWith("application/json") && !path.contains("/mlflow-artifacts/")) {
      byte[] text =
          shown
              .apply(new String(body.readAllBytes(), StandardCharsets.UTF_8))
              .getBytes(StandardCharsets.UTF_8);
      out.setContentLengthLong(text.length);
      call.answering(response.statusCode());
      out.getOutputStream().write(text);
      return;
    }
    response.headers().firstValueAsLong("content-length").ifPresent(out::setContentLengthLong);
    call.answering(response.statusCode());
    OutputStream to = call.output();
    byte[] piece = new byte[PIECE];
    for (int n = body.read(piece); n >= 0; n = body.read(piece)) {
      to.write(piece, 0, n);
    }
    to.flush();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
