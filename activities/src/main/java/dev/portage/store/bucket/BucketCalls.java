package dev.portage.store.bucket;

import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactSink;
import dev.portage.store.signed.Grant;
import dev.portage.store.signed.Grants;
import dev.portage.store.signed.SignedCalls;
import dev.portage.store.signed.Signer;
import dev.portage.store.signed.Vending;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;

/**
 * Calls to a folder of a bucket. An S3 signature covers method, path and query, so each call is
 * authorized separately.
 */
final class BucketCalls {
  /** The bucket itself, which is the path of no file. */
  static final String BUCKET = "";

  /** Characters that separate path and query, and so can't be in a path. */
  private static final String BETWEEN = "\n";

  private final MlflowServer server;
  private final Bucket bucket;
  private final String folder;
  private final Vending vending;
  private final Map<String, Grants> grants = new ConcurrentHashMap<>();

  BucketCalls(MlflowServer server, Bucket bucket, String folder, Vending vending) {
    this.server = server;
    this.bucket = bucket;
    this.folder = folder;
    this.vending = vending;
  }

  /** Leave for calls of one method; of files without a query by their path. */
  Grants grants(String method) {
    return grants.computeIfAbsent(method, name -> new Grants(new ByMethod(name)));
  }

  /** Makes a short request; as {@link SignedCalls#ask}. */
  HttpAnswer ask(Attempt attempt, String path, Map<String, String> query) {
    return new SignedCalls(server, grants("GET")).ask(attempt, key(path, query), Grant::request);
  }

  /** Sends a body; as {@link SignedCalls#send}. */
  HttpAnswer send(
      Attempt attempt,
      String method,
      String path,
      Map<String, String> query,
      long size,
      ArtifactSink.Body body) {
    return new SignedCalls(server, grants(method))
        .send(attempt, key(path, query), method, Grant::request, size, body);
  }

  private static String key(String path, Map<String, String> query) {
    return query.isEmpty()
        ? path
        : path
            + BETWEEN
            + new TreeMap<>(query)
                .entrySet().stream()
                    .map(one -> encoded(one.getKey()) + "=" + encoded(one.getValue()))
                    .collect(Collectors.joining("&"));
  }

  /**
   * As signatures want it: what is not <a
   * href="https://www.rfc-editor.org/rfc/rfc3986#section-2.3">unreserved</a> is encoded.
   */
  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  /** Makes leave for calls of one method. */
  private final class ByMethod implements Signer {
    private final String method;

    private ByMethod(String method) {
      this.method = method;
    }

    @Override
    public int most() {
      return 100;
    }

    @Override
    public Map<String, Grant> sign(List<String> keys) {
      Vending.Vended vended = vending.of(keys.stream().map(key -> method + " " + key).toList());
      Map<String, Grant> signed = new HashMap<>();
      keys.forEach(key -> signed.put(key, bucket.allow(method, url(key), vended)));
      return signed;
    }

    private HttpUrl url(String key) {
      String[] parts = key.split(BETWEEN, 2);
      HttpUrl.Builder url = bucket.root().newBuilder();
      if (!parts[0].equals(BUCKET)) {
        for (String segment : (folder + "/" + parts[0]).split("/", -1)) {
          url.addEncodedPathSegment(encoded(segment));
        }
      }
      return (parts.length == 1 ? url : url.encodedQuery(parts[1])).build();
    }
  }
}
