package dev.portage.unitycatalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.mlflow.PromptSockets;
import dev.portage.unitycatalog.FakeCatalog.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** The Files API, in memory. Its signed URLs lead to a server of its own that takes no login. */
final class FakeFiles extends Dispatcher implements AutoCloseable {
  /** The prefix of its session tokens. */
  static final String TOKEN = "session-SECRET-";

  /** All files by path, such as "/Models/prod/ml/churn/1/MLmodel"; mutable. */
  final Map<String, byte[]> content = new ConcurrentSkipListMap<>();

  /** Multipart uploads in progress. */
  final Map<String, Session> sessions = new ConcurrentHashMap<>();

  /** The protocol for multipart uploads. */
  volatile String uploads = "multipart_upload";

  /** Whether it signs URLs for reading. */
  volatile boolean signsReads = true;

  /** While above zero, signed URLs are refused as expired. */
  final AtomicInteger expired = new AtomicInteger();

  /** Page size of a listing. */
  volatile int page = 2;

  private final AtomicInteger last = new AtomicInteger();
  private final FakeCatalog catalog;
  private final MockWebServer store = new MockWebServer();

  /** Google Cloud uploads in progress. */
  final FakeResumable resumable = new FakeResumable();

  /** A multipart upload. */
  record Session(String path, Map<Integer, byte[]> parts) {}

  FakeFiles(FakeCatalog catalog) {
    this.catalog = catalog;
    store.setServerSocketFactory(new PromptSockets());
    store.setDispatcher(this);
    try {
      store.start(InetAddress.getLoopbackAddress(), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    store.close();
  }

  /** The folder of a version's files, with a trailing slash. */
  String rootOf(ObjectNode version) {
    return "/Models/"
        + version.path("name").asText().replace('.', '/')
        + "/"
        + version.path("version").asText()
        + "/";
  }

  void deleteBelow(String root) {
    content.keySet().removeIf(path -> path.startsWith(root));
  }

  MockResponse answer(RecordedRequest request, String call) {
    HttpUrl url = request.getUrl();
    int slash = call.indexOf('/');
    String path = slash < 0 ? "" : call.substring(slash);
    return switch (request.getMethod() + " " + (slash < 0 ? call : call.substring(0, slash))) {
      case "GET directories" -> FakeCatalog.json(200, list(path + "/", url));
      case "GET files" -> read(request, path);
      case "PUT files" -> {
        requireWritable(path);
        content.put(path, bodyOf(request));
        yield new MockResponse.Builder().code(204).build();
      }
      case "DELETE files" -> {
        requireWritable(path);
        content.remove(path);
        yield new MockResponse.Builder().code(204).build();
      }
      case "POST files" -> upload(request, path);
      case "POST create-upload-part-urls",
          "POST create-resumable-upload-url",
          "POST create-abort-upload-url",
          "POST create-upload-url",
          "POST create-download-url" ->
          FakeCatalog.json(200, sign(call, FakeCatalog.bodyOf(request)));
      default -> throw new Refusal(404, "ENDPOINT_NOT_FOUND", call);
    };
  }

  private MockResponse upload(RecordedRequest request, String path) {
    requireWritable(path);
    HttpUrl url = request.getUrl();
    ObjectNode answer = FakeCatalog.object();
    if ("initiate-upload".equals(url.queryParameter("action"))) {
      String token = TOKEN + last.incrementAndGet();
      sessions.put(token, new Session(path, new ConcurrentHashMap<>()));
      resumable.begin(token, bytes -> content.put(path, bytes));
      answer.putObject(uploads).put("session_token", token);
      return FakeCatalog.json(200, answer);
    }
    String token = String.valueOf(url.queryParameter("session_token"));
    Session session = session(token, path);
    Buffer whole = new Buffer();
    int number = 0;
    for (var part : FakeCatalog.bodyOf(request).path("parts")) {
      byte[] bytes = session.parts().get(part.path("part_number").asInt());
      if (part.path("part_number").asInt() != ++number
          || bytes == null
          || !part.path("etag").asText().equals(tagOf(bytes))) {
        throw new Refusal(400, "INVALID_PARAMETER_VALUE", "part " + number + " is wrong");
      }
      whole.write(bytes);
    }
    sessions.remove(token);
    content.put(path, whole.readByteArray());
    return FakeCatalog.json(200, answer);
  }

  private ObjectNode sign(String call, ObjectNode body) {
    String path = body.path("path").asText();
    boolean isSession = call.equals("create-resumable-upload-url");
    if (body.path("expire_time").asText().isEmpty() != isSession) {
      throw new Refusal(400, "INVALID_PARAMETER_VALUE", "expire_time");
    }
    HttpUrl.Builder url = store.url("/" + call + path).newBuilder();
    ObjectNode answer = FakeCatalog.object();
    switch (call) {
      case "create-upload-part-urls" -> {
        String token = body.path("session_token").asText();
        session(token, path);
        var urls = answer.putArray("upload_part_urls");
        for (int i = 0; i < body.path("count").asInt(); i++) {
          int number = body.path("start_part_number").asInt() + i;
          HttpUrl.Builder part = url.build().newBuilder();
          part.addQueryParameter("token", token).addQueryParameter("part", "" + number);
          ObjectNode one = urls.addObject().put("url", part.toString()).put("part_number", number);
          one.putArray("headers").addObject().put("name", "x-signed").put("value", "yes");
        }
      }
      case "create-resumable-upload-url" -> {
        String token = body.path("session_token").asText();
        session(token, path);
        ObjectNode one = answer.putObject("resumable_upload_url");
        one.put("url", url.addQueryParameter("token", token).toString());
        one.putArray("headers").addObject().put("name", "x-signed").put("value", "yes");
      }
      case "create-abort-upload-url" ->
          answer
              .putObject("abort_upload_url")
              .put(
                  "url",
                  url.addQueryParameter("token", body.path("session_token").asText()).toString());
      default -> {
        if (call.equals("create-download-url") && !signsReads) {
          throw new Refusal(403, "PERMISSION_DENIED", "not enabled");
        }
        if (call.equals("create-upload-url")) {
          requireWritable(path);
        }
        answer.put("url", url.toString());
        answer.putArray("headers").addObject().put("name", "x-signed").put("value", "yes");
      }
    }
    return answer;
  }

  /** Handles a request to a signed URL. */
  @Override
  public MockResponse dispatch(RecordedRequest request) {
    MockResponse disturbed = catalog.before.apply(request);
    return disturbed != null ? disturbed : effect(request);
  }

  /** Performs a request to a signed URL, bypassing any fault. */
  MockResponse effect(RecordedRequest request) {
    HttpUrl url = request.getUrl();
    String call = url.pathSegments().getFirst();
    String path = String.join("/", url.pathSegments()).substring(call.length());
    catalog.asked.add(request.getMethod() + " signed " + call);
    if (request.getHeaders().get("Authorization") != null) {
      return error(400, "InvalidArgument");
    }
    if (expired.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return error(403, "AuthenticationFailed");
    }
    switch (call) {
      case "create-upload-part-urls" -> {
        Session session = sessions.get(String.valueOf(url.queryParameter("token")));
        if (session == null) {
          return error(404, "NoSuchUpload");
        }
        byte[] bytes = bodyOf(request);
        session.parts().put(Integer.valueOf(String.valueOf(url.queryParameter("part"))), bytes);
        return new MockResponse.Builder().code(200).addHeader("ETag", tagOf(bytes)).build();
      }
      case "create-resumable-upload-url" -> {
        return resumable.answer(String.valueOf(url.queryParameter("token")), request);
      }
      case "create-abort-upload-url" ->
          sessions.remove(String.valueOf(url.queryParameter("token")));
      case "create-upload-url" -> content.put(path, bodyOf(request));
      default -> {
        return content.containsKey(path) ? read(request, path) : error(404, "NoSuchKey");
      }
    }
    return new MockResponse.Builder().code(200).build();
  }

  private static MockResponse error(int status, String code) {
    String detail = "Signature not valid in the specified time frame";
    return new MockResponse.Builder()
        .code(status)
        .body("<Error><Code>" + code + "</Code><Message>" + detail + "</Message></Error>")
        .build();
  }

  private MockResponse read(RecordedRequest request, String path) {
    byte[] bytes = content.get(path);
    if (bytes == null) {
      throw new Refusal(404, "NOT_FOUND", "no file " + path);
    }
    String range = request.getHeaders().get("Range");
    if (range == null || bytes.length == 0) {
      return new MockResponse.Builder().body(new Buffer().write(bytes)).build();
    }
    String[] ends = range.substring("bytes=".length()).split("-", -1);
    int from = Integer.parseInt(ends[0]);
    int to = Math.min(bytes.length - 1, Integer.parseInt(ends[1]));
    return new MockResponse.Builder()
        .code(206)
        .addHeader("Content-Range", "bytes " + from + "-" + to + "/" + bytes.length)
        .body(new Buffer().write(bytes, from, to - from + 1))
        .build();
  }

  private ObjectNode list(String folder, HttpUrl url) {
    Map<String, ObjectNode> found = new TreeMap<>();
    content.forEach((path, bytes) -> {
      if (path.startsWith(folder)) {
        String rest = path.substring(folder.length());
        int slash = rest.indexOf('/');
        String name = slash < 0 ? rest : rest.substring(0, slash);
        ObjectNode entry = FakeCatalog.object().put("path", folder + name).put("name", name);
        entry.put("is_directory", slash >= 0);
        found.put(name, slash < 0 ? entry.put("file_size", bytes.length) : entry);
      }
    });
    if (found.isEmpty()) {
      throw new Refusal(404, "NOT_FOUND", "no folder " + folder);
    }
    Set<String> names = new TreeSet<>(found.keySet());
    String token = url.queryParameter("page_token");
    int from = token == null ? 0 : Integer.parseInt(token);
    ObjectNode answer = FakeCatalog.object();
    names.stream()
        .skip(from)
        .limit(page)
        .forEach(name -> answer.withArray("contents").add(found.get(name)));
    if (from + page < names.size()) {
      answer.put("next_page_token", String.valueOf(from + page));
    }
    return answer;
  }

  private Session session(String token, String path) {
    Session session = sessions.get(token);
    if (session == null || !session.path().equals(path)) {
      throw new Refusal(404, "NOT_FOUND", "no such session");
    }
    return session;
  }

  /** A version's files are writable while it is pending. */
  private void requireWritable(String path) {
    if (path.startsWith("/Models/")
        && catalog.versions.stream()
            .noneMatch(v ->
                path.startsWith(rootOf(v))
                    && v.path("status").asText().equals("PENDING_REGISTRATION")
                    && !v.path("foreign").asBoolean())) {
      throw new Refusal(403, "PERMISSION_DENIED", "not open for writing");
    }
  }

  private static byte[] bodyOf(RecordedRequest request) {
    @Nullable ByteString body = request.getBody();
    return body == null ? new byte[0] : body.toByteArray();
  }

  private static String tagOf(byte[] bytes) {
    return "\"" + ByteString.of(bytes).md5().hex() + "\"";
  }
}
