package dev.portage.store.tracking;

import dev.portage.mlflow.PromptSockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** Cloud storage behind signed URLs, in memory: only what the tests need. */
final class FakeBlobs extends Dispatcher implements AutoCloseable {
  /** The secret part of each URL. */
  static final String SIGNATURE = "c2lnbmVkLWJ5LW5vYm9keQ";

  private static final Pattern BLOCK = Pattern.compile("<Uncommitted>([^<]*)</Uncommitted>");

  /** Answers instead of the store unless it returns null. */
  volatile Function<RecordedRequest, @Nullable MockResponse> before = _ -> null;

  final Map<String, byte[]> files = new ConcurrentSkipListMap<>();
  final List<String> calls = new CopyOnWriteArrayList<>();
  final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Map<String, byte[]>> blocks = new ConcurrentHashMap<>();
  private final Map<String, TreeMap<Long, byte[]>> appends = new ConcurrentHashMap<>();
  private final Map<String, Map<Integer, byte[]>> uploads = new ConcurrentHashMap<>();
  private final AtomicInteger generation = new AtomicInteger();
  private final AtomicInteger uploadIds = new AtomicInteger();
  private final MockWebServer server = new MockWebServer();

  FakeBlobs() {
    server.setServerSocketFactory(new PromptSockets());
    server.setDispatcher(this);
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The URL of a file, valid until all are expired. */
  HttpUrl sign(String key) {
    return server
        .url("/" + key)
        .newBuilder()
        .addQueryParameter("g", String.valueOf(generation.get()))
        .addQueryParameter("sig", SIGNATURE)
        .build();
  }

  /** From now on, refuses every URL issued so far. */
  void expire() {
    generation.incrementAndGet();
  }

  String beginUpload() {
    String id = "upload-" + uploadIds.incrementAndGet();
    uploads.put(id, new TreeMap<>());
    return id;
  }

  boolean endUpload(String id, String key, List<String> tags) {
    Map<Integer, byte[]> parts = uploads.remove(id);
    if (parts == null || parts.size() != tags.size()) {
      return false;
    }
    files.put(key, joined(new ArrayList<>(parts.values())));
    return true;
  }

  void forgetUploads() {
    uploads.clear();
    blocks.clear();
    appends.clear();
  }

  int openUploads() {
    return uploads.size();
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    HttpUrl url = request.getUrl();
    String key = String.join("/", url.pathSegments());
    String does = does(url);
    calls.add(request.getMethod() + (does.isEmpty() ? "" : " " + does) + " " + key);
    requests.add(request);
    MockResponse disturbed = before.apply(request);
    if (disturbed != null) {
      return disturbed;
    }
    if (request.getHeaders().get("Authorization") != null) {
      return error(400, "InvalidAuthenticationInfo", "two logins");
    }
    if (!SIGNATURE.equals(url.queryParameter("sig"))
        || !String.valueOf(generation.get()).equals(url.queryParameter("g"))) {
      return error(
          403,
          "SignatureDoesNotMatch",
          "it expired</Message><SignatureProvided>" + SIGNATURE + "</SignatureProvided><Message>");
    }
    byte[] body = request.getBody() == null ? new byte[0] : request.getBody().toByteArray();
    return switch (request.getMethod()) {
      case "GET" -> get(key, request.getHeaders().get("Range"));
      case "PUT", "PATCH" -> put(key, url, body);
      case "DELETE" -> {
        uploads.remove(url.queryParameter("uploadId"));
        yield answer(204);
      }
      default -> answer(405);
    };
  }

  private static String does(HttpUrl url) {
    for (String name : new String[] {"comp", "resource", "action", "partNumber"}) {
      String value = url.queryParameter(name);
      if (value != null) {
        return value;
      }
    }
    return "";
  }

  private MockResponse get(String key, @Nullable String range) {
    byte[] bytes = files.get(key);
    if (bytes == null) {
      return error(404, "NoSuchKey", "no such key");
    }
    MockResponse.Builder answer =
        new MockResponse.Builder().addHeader("ETag", "\"" + Arrays.hashCode(bytes) + "\"");
    if (range == null) {
      return answer.body(new Buffer().write(bytes)).build();
    }
    String[] ends = range.replace("bytes=", "").split("-", -1);
    int first = Integer.parseInt(ends[0]);
    int last = Math.min(bytes.length - 1, Integer.parseInt(ends[1]));
    if (first >= bytes.length) {
      return answer(416);
    }
    return answer
        .code(206)
        .addHeader("Content-Range", "bytes " + first + "-" + last + "/" + bytes.length)
        .body(new Buffer().write(bytes, first, last - first + 1))
        .build();
  }

  private synchronized MockResponse put(String key, HttpUrl url, byte[] body) {
    String does = does(url);
    switch (does) {
      case "block" ->
          blocks
              .computeIfAbsent(key, _ -> new TreeMap<>())
              .put(Objects.requireNonNull(url.queryParameter("blockid")), body);
      case "blocklist" -> {
        Map<String, byte[]> there = blocks.getOrDefault(key, Map.of());
        List<byte[]> named = new ArrayList<>();
        Matcher id = BLOCK.matcher(new String(body, StandardCharsets.UTF_8));
        while (id.find()) {
          byte[] block = there.get(id.group(1));
          if (block == null) {
            return error(400, "InvalidBlockList", "no such block");
          }
          named.add(block);
        }
        files.put(key, joined(named));
        blocks.remove(key);
      }
      case "file" -> {
        files.put(key, new byte[0]);
        appends.put(key, new TreeMap<>());
      }
      case "append", "flush" -> {
        return lake(key, url, body);
      }
      default -> {
        if (url.queryParameter("partNumber") == null) {
          files.put(key, body);
        } else {
          Map<Integer, byte[]> parts = uploads.get(String.valueOf(url.queryParameter("uploadId")));
          if (parts == null) {
            return error(404, "NoSuchUpload", "no such upload");
          }
          parts.put(Integer.valueOf(does), body);
        }
        return new MockResponse.Builder().addHeader("ETag", "\"" + body.length + "\"").build();
      }
    }
    return answer(201);
  }

  private MockResponse lake(String key, HttpUrl url, byte[] body) {
    TreeMap<Long, byte[]> there = appends.get(key);
    if (there == null) {
      return error(404, "PathNotFound", "no such path");
    }
    long position = Long.parseLong(String.valueOf(url.queryParameter("position")));
    boolean append = "append".equals(url.queryParameter("action"));
    if (append) {
      there.put(position, body);
    }
    if (append && url.queryParameter("flush") == null) {
      return answer(202);
    }
    byte[] all = joined(new ArrayList<>(there.values()));
    long end = 0;
    for (Map.Entry<Long, byte[]> one : there.entrySet()) {
      if (one.getKey() != end) {
        return error(400, "InvalidFlushPosition", "a gap");
      }
      end += one.getValue().length;
    }
    if (!append && position != end) {
      return error(400, "InvalidFlushPosition", "not the whole length");
    }
    files.put(key, all);
    return answer(200);
  }

  private static byte[] joined(List<byte[]> pieces) {
    Buffer all = new Buffer();
    pieces.forEach(all::write);
    return all.readByteArray();
  }

  private static MockResponse answer(int status) {
    return new MockResponse.Builder().code(status).build();
  }

  static MockResponse error(int status, String code, String message) {
    return new MockResponse.Builder()
        .code(status)
        .body("<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>")
        .build();
  }

  @Override
  public void close() {
    server.close();
  }
}
