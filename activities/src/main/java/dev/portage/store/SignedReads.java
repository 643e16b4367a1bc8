package dev.portage.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.copy.ReadAbilities;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Reads through addresses that the server signs, one a file: as an MLflow server before an object
 * store does, and the Files API of Databricks. An address holds for some minutes; it is asked for
 * anew before that, and once more when the store refuses it.
 */
final class SignedReads {
  /** Well below the 300 s that a server grants when nobody says otherwise. */
  private static final Duration USED_FOR = Duration.ofMinutes(2);

  private final MlflowServer server;
  private final Function<String, Request> asking;
  private final ByteStreams streams;
  private final Map<String, Grant> grants = new ConcurrentHashMap<>();

  /**
   * Reads by this server's word.
   *
   * @param asking how the address of a file is asked for
   */
  SignedReads(MlflowServer server, Function<String, Request> asking) {
    this.server = server;
    this.asking = asking;
    this.streams = new ByteStreams(server.way(), SignedErrors.TABLE);
  }

  /** An address and the headers that belong to it. Grants access: is never told to anybody. */
  private record Grant(HttpUrl url, Map<String, String> headers, long from) {
    private boolean isFresh() {
      return System.nanoTime() - from < USED_FOR.toNanos();
    }

    private Request.Builder request() {
      Request.Builder request = new Request.Builder().url(url).header("User-Agent", "portage");
      headers.forEach(request::header);
      return request;
    }
  }

  /** What reading in this way can do; null when the server or the network does not offer it. */
  @Nullable ReadAbilities probe(String sample) {
    HttpAnswer answer = ask(sample);
    if (!answer.isSuccess()) {
      if (answer.status() >= 500 && answer.status() != 501) {
        throw server.errors().failure(attempt(sample), asked(sample), answer);
      }
      return null;
    }
    Grant grant = grant(sample, answer);
    grants.put(sample, grant);
    ByteStreams.FirstByte first;
    try {
      first = streams.first(attempt(sample), grant.request());
    } catch (ApplicationFailure unreachable) {
      return null; // The store is for the server alone to reach.
    }
    return first.status() == 200 || first.status() == 206
        ? new ReadAbilities("by signed addresses", first.ranged(), first.length())
        : null;
  }

  <T> T read(String path, ArtifactSource.Reader<T> reader) {
    return renewing(path, grant -> streams.get(attempt(path), grant.request(), reader));
  }

  <T> T read(String path, long offset, long length, ArtifactSource.Reader<T> reader) {
    return renewing(
        path, grant -> streams.get(attempt(path), grant.request(), offset, length, reader));
  }

  /** A refused address is renewed once; it is refused before any byte has come. */
  private <T> T renewing(String path, Function<Grant, T> read) {
    try {
      return read.apply(granted(path));
    } catch (ApplicationFailure e) {
      Integer status = Failures.statusOf(e);
      // Google answers 400 to an address that has expired.
      if (status == null || (status != 401 && status != 403 && status != 400)) {
        throw e;
      }
      grants.remove(path);
      return read.apply(granted(path));
    }
  }

  private Grant granted(String path) {
    Grant known = grants.get(path);
    if (known != null && known.isFresh()) {
      return known;
    }
    // Those of files that are done would add up.
    grants.values().removeIf(grant -> !grant.isFresh());
    HttpAnswer answer = ask(path);
    if (!answer.isSuccess()) {
      throw server.errors().failure(attempt(path), asked(path), answer);
    }
    Grant grant = grant(path, answer);
    grants.put(path, grant);
    return grant;
  }

  private HttpAnswer ask(String path) {
    return server.way().ask(attempt(path), server.errors(), asked(path));
  }

  private Request asked(String path) {
    return asking.apply(path);
  }

  private Grant grant(String path, HttpAnswer answer) {
    JsonNode json = answer.json();
    HttpUrl url = HttpUrl.parse(json.path("url").asText());
    if (url == null) {
      throw server.failure(
          FailureKind.PLATFORM,
          attempt(path).tried(),
          "a signed address that is none",
          "It is asked again.");
    }
    return new Grant(url, SignedErrors.headers(json.path("headers")), System.nanoTime());
  }

  private Attempt attempt(String path) {
    return server.attempt("read file " + ArtifactPath.shown(path));
  }
}
