package dev.portage.sandbox.mlflow;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.portage.candidate.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Stands in front of a real MLflow server and keeps its artifacts itself: small files in memory,
 * and one large file whose bytes are generated when read, and counted and compared when written, so
 * that no disk has to hold it. This shows on any machine what a model of 20 GiB needs.
 */
final class GeneratedArtifacts implements AutoCloseable {
  static final String LARGE = "weights.bin";

  private static final String ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts";
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");
  private static final int BLOCK = 1024 * 1024;

  private final URI mlflow;
  private final long size;
  private final byte[] block = new byte[BLOCK];
  private final Map<String, byte[]> small = new ConcurrentHashMap<>();
  private final AtomicLong largeBytes = new AtomicLong();
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpServer server;

  /**
   * In front of a server.
   *
   * @param size of the large file; parts of 64 MiB repeat
   * @param there whether it already exists
   */
  GeneratedArtifacts(URI mlflow, long size, boolean there) throws IOException {
    this.mlflow = mlflow;
    this.size = size;
    new Random(7).nextBytes(block);
    largeBytes.set(there ? size : 0);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** A small file, by name. */
  void put(String name, byte[] content) {
    small.put(name, content);
  }

  /** Size of the large file here. */
  long largeBytes() {
    return largeBytes.get();
  }

  /** SHA-256 of each of its parts. */
  List<String> partDigests() {
    int parts = (int) (size / Manifest.PART_BYTES);
    MessageDigest digest = sha256();
    for (long done = 0; done < Manifest.PART_BYTES; done += BLOCK) {
      digest.update(block);
    }
    String each = HexFormat.of().formatHex(digest.digest());
    return Collections.nCopies(parts, each);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = String.valueOf(exchange.getRequestURI().getRawPath());
      if (!path.startsWith(ARTIFACTS)) {
        forward(exchange);
      } else if (path.equals(ARTIFACTS)) {
        list(exchange);
      } else {
        String name = path.substring(path.lastIndexOf('/') + 1);
        switch (exchange.getRequestMethod()) {
          case "GET" -> read(exchange, name);
          case "PUT" -> write(exchange, name);
          case "DELETE" -> {
            small.remove(name);
            send(exchange, 200, new byte[0]);
          }
          default -> send(exchange, 405, new byte[0]);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void forward(HttpExchange exchange) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(mlflow.resolve(exchange.getRequestURI().toString()))
            .method(
                exchange.getRequestMethod(),
                BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (type != null) {
      request.header("Content-Type", type);
    }
    var response = client.send(request.build(), BodyHandlers.ofByteArray());
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    send(exchange, response.statusCode(), response.body());
  }

  /**
   * The model's files are in its folder; the manifests and the copy's own records are next to it.
   */
  private void list(HttpExchange exchange) throws IOException {
    String query =
        URLDecoder.decode(
            String.valueOf(exchange.getRequestURI().getQuery()), StandardCharsets.UTF_8);
    boolean model = query.endsWith("/model");
    Stream<String> files =
        small.entrySet().stream()
            .filter(file -> file.getKey().equals("MLmodel") == model)
            .map(file -> entry(file.getKey(), file.getValue().length));
    if (model && largeBytes.get() > 0) {
      files = Stream.concat(files, Stream.of(entry(LARGE, largeBytes.get())));
    }
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    String json = files.collect(Collectors.joining(",", "{\"files\": [", "]}"));
    send(exchange, 200, json.getBytes(StandardCharsets.UTF_8));
  }

  private static String entry(String name, long size) {
    return "{\"path\": \"" + name + "\", \"is_dir\": false, \"file_size\": " + size + "}";
  }

  private void read(HttpExchange exchange, String name) throws IOException {
    boolean large = name.equals(LARGE);
    if (!large && !small.containsKey(name)) {
      send(exchange, 404, new byte[0]);
      return;
    }
    byte[] content = small.getOrDefault(name, new byte[0]);
    long all = large ? size : content.length;
    long from = 0;
    long to = all - 1;
    String range = exchange.getRequestHeaders().getFirst("Range");
    Matcher asked = RANGE.matcher(range == null ? "" : range);
    if (asked.matches()) {
      from = Long.parseLong(String.valueOf(asked.group(1)));
      to = Math.min(to, Long.parseLong(String.valueOf(asked.group(2))));
      exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + to + "/" + all);
    }
    exchange.sendResponseHeaders(asked.matches() ? 206 : 200, all == 0 ? -1 : to - from + 1);
    try (OutputStream out = exchange.getResponseBody()) {
      if (!large) {
        out.write(content, (int) from, (int) (to - from + 1));
        return;
      }
      for (long at = from; at <= to; ) {
        int start = (int) (at % BLOCK);
        int count = (int) Math.min(BLOCK - start, to - at + 1);
        out.write(block, start, count);
        at += count;
      }
    }
  }

  private void write(HttpExchange exchange, String name) throws IOException {
    if (!name.equals(LARGE)) {
      small.put(name, exchange.getRequestBody().readAllBytes());
      send(exchange, 200, "{}".getBytes(StandardCharsets.UTF_8));
      return;
    }
    byte[] buffer = new byte[BLOCK];
    long count = 0;
    boolean right = true;
    try (InputStream in = exchange.getRequestBody()) {
      for (int read = in.readNBytes(buffer, 0, BLOCK);
          read > 0;
          read = in.readNBytes(buffer, 0, BLOCK)) {
        right &= Arrays.equals(buffer, 0, read, block, 0, read);
        count += read;
      }
    }
    largeBytes.set(right ? count : 0);
    send(exchange, 200, "{}".getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    client.close();
  }
}
