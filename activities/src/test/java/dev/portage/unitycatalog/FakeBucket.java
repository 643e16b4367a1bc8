package dev.portage.unitycatalog;

import dev.portage.mlflow.PromptSockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory bucket with S3's XML API, below {@code /bucket}. It accepts one credential: an OAuth
 * token, or a signature, which it recomputes as AWS documents it.
 */
final class FakeBucket extends Dispatcher implements AutoCloseable {
  /** Characters that a signed path leaves unencoded. */
  private static final Pattern STRICT = Pattern.compile("(?:[A-Za-z0-9/_.~-]|%[0-9A-F]{2})*");

  private static final Pattern PART =
      Pattern.compile("<Part><PartNumber>(\\d+)</PartNumber><ETag>([^<]*)</ETag></Part>");

  /** Answers instead of the bucket unless it returns null. */
  volatile Function<RecordedRequest, @Nullable MockResponse> before = _ -> null;

  /** The suffix of the credential that is accepted now, such as "3". */
  volatile String valid = "1";

  final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
  final Map<String, String> encryption = new ConcurrentHashMap<>();
  final List<String> calls = new CopyOnWriteArrayList<>();
  private final Map<String, TreeMap<Integer, byte[]>> uploads = new ConcurrentHashMap<>();
  private final AtomicInteger last = new AtomicInteger();
  private final MockWebServer server = new MockWebServer();
  private final String region;

  /** A bucket in a region; Google's if the region is empty. */
  FakeBucket(String region) {
    this.region = region;
    server.setServerSocketFactory(new PromptSockets());
    server.setDispatcher(this);
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its address. */
  HttpUrl url() {
    return server.url("/");
  }

  int openUploads() {
    return uploads.size();
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    HttpUrl url = request.getUrl();
    String path = String.join("/", url.pathSegments());
    String key = path.equals("bucket") ? "" : path.replaceFirst("^bucket/", "");
    String does =
        url.queryParameterNames().stream()
            .filter(name -> !name.startsWith("X-Amz-"))
            .sorted()
            .collect(Collectors.joining(","));
    calls.add(request.getMethod() + (does.isEmpty() ? "" : " " + does) + " " + key);
    MockResponse disturbed = before.apply(request);
    if (disturbed != null) {
      return disturbed;
    }
    if (request.getMethod().equals("HEAD") && key.isEmpty()) {
      // As S3 answers anonymous callers.
      return new MockResponse.Builder().code(403).addHeader("x-amz-bucket-region", region).build();
    }
    String objection = region.isEmpty() ? token(request) : signature(request);
    if (!objection.isEmpty()) {
      return error(objection.equals("ExpiredToken") ? 400 : 403, objection);
    }
    byte[] body = request.getBody() == null ? new byte[0] : request.getBody().toByteArray();
    return switch (request.getMethod() + " " + does) {
      case "GET " -> get(key, request.getHeaders().get("Range"));
      case "GET delimiter,list-type,prefix", "GET continuation-token,delimiter,list-type,prefix" ->
          list(url);
      case "PUT " -> {
        put(key, body, request);
        yield answer(200, "");
      }
      case "DELETE " -> {
        objects.remove(key);
        yield answer(204, "");
      }
      case "POST uploads" -> {
        String id = "id/" + last.incrementAndGet() + "+=";
        uploads.put(id, new TreeMap<>());
        encrypted(key, request);
        yield answer(
            200,
            "<InitiateMultipartUploadResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                + "<UploadId>"
                + id
                + "</UploadId></InitiateMultipartUploadResult>");
      }
      case "PUT partNumber,uploadId" -> {
        TreeMap<Integer, byte[]> parts = uploads.get(url.queryParameter("uploadId"));
        if (parts == null) {
          yield error(404, "NoSuchUpload");
        }
        parts.put(Integer.valueOf(String.valueOf(url.queryParameter("partNumber"))), body);
        yield new MockResponse.Builder().addHeader("ETag", tagOf(body)).build();
      }
      case "POST uploadId" -> complete(key, String.valueOf(url.queryParameter("uploadId")), body);
      case "DELETE uploadId" ->
          uploads.remove(String.valueOf(url.queryParameter("uploadId"))) == null
              ? error(404, "NoSuchUpload")
              : answer(204, "");
      default -> error(400, "InvalidRequest");
    };
  }

  /** Why a token is refused; empty if it isn't. */
  private String token(RecordedRequest request) {
    return ("Bearer token-SECRET-" + valid).equals(request.getHeaders().get("Authorization"))
        ? ""
        : "AccessDenied";
  }

  /**
   * Why a signature is refused; empty if it isn't (<a
   * href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html">AWS's
   * wording</a>).
   */
  private String signature(RecordedRequest request) {
    HttpUrl url = request.getUrl();
    if (!("session-SECRET-" + valid).equals(url.queryParameter("X-Amz-Security-Token"))) {
      return "ExpiredToken";
    }
    String[] target = request.getTarget().split("\\?", 2);
    if (request.getHeaders().get("Authorization") != null || !STRICT.matcher(target[0]).matches()) {
      return "InvalidRequest";
    }
    String date = String.valueOf(url.queryParameter("X-Amz-Date"));
    String scope = date.substring(0, 8) + "/" + region + "/s3/aws4_request";
    if (!("access-" + valid + "/" + scope).equals(url.queryParameter("X-Amz-Credential"))) {
      return "AuthorizationQueryParametersError";
    }
    String query =
        Arrays.stream(target[1].split("&", -1))
            .filter(one -> !one.startsWith("X-Amz-Signature="))
            .map(one -> one.contains("=") ? one : one + "=")
            .sorted()
            .collect(Collectors.joining("&"));
    String names = String.valueOf(url.queryParameter("X-Amz-SignedHeaders"));
    for (String sent : request.getHeaders().names()) {
      if (sent.toLowerCase(Locale.ROOT).startsWith("x-amz-")
          && !Arrays.asList(names.split(";", -1)).contains(sent.toLowerCase(Locale.ROOT))) {
        return "AccessDenied"; // "There were headers present in the request which were not signed"
      }
    }
    String headers =
        Arrays.stream(names.split(";", -1))
            .map(name -> name + ":" + request.getHeaders().get(name) + "\n")
            .collect(Collectors.joining());
    String canonical =
        String.join(
            "\n", request.getMethod(), target[0], query, headers, names, "UNSIGNED-PAYLOAD");
    String toSign = String.join("\n", "AWS4-HMAC-SHA256", date, scope, sha256(canonical));
    byte[] key = ("AWS4secret-SECRET-" + valid).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/", -1)) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(hmac(key, toSign)).equals(url.queryParameter("X-Amz-Signature"))
        ? ""
        : "SignatureDoesNotMatch";
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void put(String key, byte[] body, RecordedRequest request) {
    objects.put(key, body);
    encrypted(key, request);
  }

  private void encrypted(String key, RecordedRequest request) {
    String how = request.getHeaders().get("x-amz-server-side-encryption");
    if (how != null) {
      encryption.put(
          key, how + " " + request.getHeaders().get("x-amz-server-side-encryption-aws-kms-key-id"));
    }
  }

  private MockResponse get(String key, @Nullable String range) {
    byte[] bytes = objects.get(key);
    if (bytes == null) {
      return error(404, "NoSuchKey");
    }
    if (range == null) {
      return new MockResponse.Builder().body(new Buffer().write(bytes)).build();
    }
    String[] ends = range.replace("bytes=", "").split("-", -1);
    int first = Integer.parseInt(ends[0]);
    int end = Math.min(bytes.length, Integer.parseInt(ends[1]) + 1);
    return new MockResponse.Builder()
        .code(206)
        .addHeader("Content-Range", "bytes " + first + "-" + (end - 1) + "/" + bytes.length)
        .body(new Buffer().write(bytes, first, end - first))
        .build();
  }

  private MockResponse complete(String key, String id, byte[] body) {
    TreeMap<Integer, byte[]> parts = uploads.get(id);
    if (parts == null) {
      return error(404, "NoSuchUpload");
    }
    Buffer whole = new Buffer();
    Matcher part = PART.matcher(new String(body, StandardCharsets.UTF_8));
    int number = 0;
    while (part.find()) {
      byte[] bytes = parts.get(++number);
      String named = number + " " + (bytes == null ? "" : tagOf(bytes));
      if (bytes == null || !named.equals(told(part))) {
        return error(200, "InvalidPart"); // By then S3 has already sent its status.
      }
      whole.write(bytes);
    }
    uploads.remove(id);
    objects.put(key, whole.readByteArray());
    return answer(200, "<CompleteMultipartUploadResult/>");
  }

  private static String told(MatchResult part) {
    return part.group(1) + " " + String.valueOf(part.group(2)).replace("&quot;", "\"");
  }

  /** Two entries per page. */
  private MockResponse list(HttpUrl url) {
    String prefix = Objects.requireNonNull(url.queryParameter("prefix"));
    TreeMap<String, String> found = new TreeMap<>();
    objects.forEach((key, bytes) -> {
      if (key.startsWith(prefix)) {
        int slash = key.indexOf('/', prefix.length());
        String name = slash < 0 ? key : key.substring(0, slash + 1);
        found.put(
            name,
            slash < 0
                ? "<Contents><Key>"
                    + escaped(key)
                    + "</Key><Size>"
                    + bytes.length
                    + "</Size></Contents>"
                : "<CommonPrefixes><Prefix>" + escaped(name) + "</Prefix></CommonPrefixes>");
      }
    });
    List<String> names = new ArrayList<>(found.keySet());
    String token = url.queryParameter("continuation-token");
    int from = token == null ? 0 : Integer.parseInt(token.replace("1/+=", ""));
    int to = Math.min(names.size(), from + 2);
    StringBuilder xml =
        new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult>");
    xml.append("<IsTruncated>").append(to < names.size()).append("</IsTruncated>");
    if (to < names.size()) {
      xml.append("<NextContinuationToken>1/+=").append(to).append("</NextContinuationToken>");
    }
    names.subList(from, to).forEach(name -> xml.append(found.get(name)));
    return answer(200, xml.append("</ListBucketResult>").toString());
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  private static String tagOf(byte[] bytes) {
    return "\"" + ByteString.of(bytes).md5().hex() + "\"";
  }

  static MockResponse answer(int status, String body) {
    return new MockResponse.Builder().code(status).body(body).build();
  }

  static MockResponse error(int status, String code) {
    return answer(status, "<Error><Code>" + code + "</Code><Message>so it is</Message></Error>");
  }

  @Override
  public void close() {
    server.close();
  }
}
