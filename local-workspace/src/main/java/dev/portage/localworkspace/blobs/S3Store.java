package dev.portage.localworkspace.blobs;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.w3c.dom.Element;

/**
 * Files in a bucket of an S3-compatible store. Signatures are checked here, and each call is signed
 * again for the store behind: its host is part of the signature.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html">S3 API</a>
 */
final class S3Store implements BlobStore, Door, PartUploads, AutoCloseable {
  private static final Duration OWN_LIFE = Duration.ofMinutes(5);

  private final BlobGate gate;
  private final BlobSettings.S3 settings;
  private final Presigned signer;
  private final Duration life;
  private final Upstream upstream = new Upstream();

  S3Store(BlobGate gate, BlobSettings.S3 settings, Duration life) throws IOException {
    this.gate = gate;
    this.settings = settings;
    this.signer =
        new Presigned(
            Presigned.Words.AMAZON,
            settings.region(),
            settings.accessKeyId(),
            settings.key().value());
    this.life = life;
    gate.open(this);
    HttpResponse<byte[]> made = own("PUT", "", Map.of(), BodyPublishers.noBody());
    if (made.statusCode() != 200 && made.statusCode() != 409) {
      throw refused("create the bucket", made);
    }
  }

  @Override
  public String credentialType() {
    return "AWS_PRESIGNED_URL";
  }

  @Override
  public SignedUrl sign(String key, Access access) {
    return sign(access == Access.READ ? "GET" : "PUT", key, Map.of());
  }

  private SignedUrl sign(String method, String key, Map<String, String> query) {
    String path = "/" + name() + path(key);
    Instant now = gate.clock().instant();
    String signed =
        gate.urls()
            .issue(
                more -> signer.sign(method, gate.host(), path, query, now, life.plusSeconds(more)));
    return new SignedUrl(gate.base() + path + "?" + signed, Map.of());
  }

  private String path(String key) {
    return "/" + settings.bucket() + (key.isEmpty() ? "" : "/" + Escapes.path(key));
  }

  @Override
  public List<BlobEntry> list(String directory) throws IOException {
    List<BlobEntry> entries = new ArrayList<>();
    String prefix = directory + "/";
    String token = "";
    do {
      Map<String, String> query = new LinkedHashMap<>();
      query.put("list-type", "2");
      query.put("prefix", prefix);
      query.put("delimiter", "/");
      if (!token.isEmpty()) {
        query.put("continuation-token", token);
      }
      HttpResponse<byte[]> answer = own("GET", "", query, BodyPublishers.noBody());
      if (answer.statusCode() != 200) {
        throw refused("list", answer);
      }
      Element root = Xml.read(answer.body());
      for (Element file : Xml.children(root, "Contents")) {
        String name = Xml.value(file, "Key").substring(prefix.length());
        entries.add(new BlobEntry(name, false, Long.parseLong(Xml.value(file, "Size"))));
      }
      for (Element inner : Xml.children(root, "CommonPrefixes")) {
        String name = Xml.value(inner, "Prefix");
        entries.add(new BlobEntry(name.substring(prefix.length(), name.length() - 1), true, 0));
      }
      token = Xml.value(root, "NextContinuationToken");
    } while (!token.isEmpty());
    return entries;
  }

  @Override
  public OptionalLong size(String key) throws IOException {
    HttpResponse<byte[]> answer = own("HEAD", key, Map.of(), BodyPublishers.noBody());
    if (answer.statusCode() == 404) {
      return OptionalLong.empty();
    }
    if (answer.statusCode() != 200) {
      throw refused("read a file's properties", answer);
    }
    return answer.headers().firstValueAsLong("content-length");
  }

  @Override
  public String begin(String key) throws IOException {
    HttpResponse<byte[]> answer = own("POST", key, Map.of("uploads", ""), BodyPublishers.noBody());
    if (answer.statusCode() != 200) {
      throw refused("start an upload", answer);
    }
    return Xml.value(Xml.read(answer.body()), "UploadId");
  }

  @Override
  public SignedUrl signPart(String key, String upload, int part) {
    return sign("PUT", key, Map.of("partNumber", Integer.toString(part), "uploadId", upload));
  }

  @Override
  public SignedUrl signAbort(String key, String upload) {
    return sign("DELETE", key, Map.of("uploadId", upload));
  }

  @Override
  public void complete(String key, String upload, SortedMap<Integer, String> etags)
      throws IOException, PartsRefused {
    StringBuilder xml = new StringBuilder("<CompleteMultipartUpload>");
    etags.forEach((number, etag) ->
        xml.append("<Part><PartNumber>")
            .append(number)
            .append("</PartNumber><ETag>")
            .append(Xml.text(etag))
            .append("</ETag></Part>"));
    xml.append("</CompleteMultipartUpload>");
    HttpResponse<byte[]> answer =
        own("POST", key, Map.of("uploadId", upload), BodyPublishers.ofString(xml.toString()));
    Element root = Xml.read(answer.body());
    // S3 may also say so in an answer of 200.
    if (answer.statusCode() >= 500) {
      throw refused("complete an upload", answer);
    }
    if (answer.statusCode() != 200 || root.getTagName().equals("Error")) {
      throw new PartsRefused(Xml.value(root, "Code"), Xml.value(root, "Message"));
    }
  }

  private HttpResponse<byte[]> own(
      String method, String key, Map<String, String> query, BodyPublisher body) throws IOException {
    return upstream.send(
        HttpRequest.newBuilder(signed(method, path(key), query)).method(method, body).build());
  }

  private URI signed(String method, String path, Map<String, String> query) {
    String host = String.valueOf(settings.endpoint().getAuthority());
    Instant now = gate.clock().instant();
    return URI.create(
        settings.endpoint() + path + "?" + signer.sign(method, host, path, query, now, OWN_LIFE));
  }

  private static IOException refused(String what, HttpResponse<byte[]> answer) throws IOException {
    String code = answer.body().length == 0 ? "" : " " + Xml.value(Xml.read(answer.body()), "Code");
    return new IOException("The blob store refused to " + what + ": " + answer.statusCode() + code);
  }

  @Override
  public String name() {
    return "s3";
  }

  @Override
  public Dialect dialect() {
    return Dialect.AMAZON;
  }

  @Override
  public BlobRefusal expired() {
    return signer.expired();
  }

  @Override
  public String key(String place) {
    String start = settings.bucket() + "/";
    return place.startsWith(start) ? place.substring(start.length()) : place;
  }

  @Override
  public void serve(BlobCall call) throws IOException, InterruptedException {
    String path = "/" + Escapes.path(call.place());
    String host = String.valueOf(call.exchange().header("Host"));
    signer.check(call.method(), host, "/" + name() + path, call.query(), call.at());
    Map<String, String> query = new LinkedHashMap<>(call.query());
    query.keySet().removeIf(name -> name.startsWith("X-Amz-"));
    upstream.pass(call, signed(call.method(), path, query));
  }

  @Override
  public void close() {
    upstream.close();
  }
}
