package dev.portage.localworkspace.blobs;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.w3c.dom.Element;

/**
 * Files in an Azure blob storage container, as Azurite implements it. The store itself checks
 * signatures.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api">Blob
 *     service REST API</a>
 */
final class AzureStore implements BlobStore, Door, AutoCloseable {
  private static final Duration OWN_LIFE = Duration.ofMinutes(5);
  private static final String VERSION = "2021-12-02";

  private final BlobGate gate;
  private final BlobSettings.Azure settings;
  private final Sas sas;
  private final Duration life;
  private final Upstream upstream = new Upstream();

  AzureStore(BlobGate gate, BlobSettings.Azure settings, Duration life) throws IOException {
    this.gate = gate;
    this.settings = settings;
    this.sas = new Sas(settings.account(), settings.key().value());
    this.life = life;
    gate.open(this);
    makeContainer();
  }

  /** The container, where it is not there yet: signatures for one container can't make it. */
  private void makeContainer() throws IOException {
    String date =
        java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(
            gate.clock().instant().atZone(java.time.ZoneOffset.UTC));
    String authorization =
        sas.sharedKey(
            "PUT",
            "x-ms-date:" + date + "\nx-ms-version:" + VERSION,
            settings.endpoint().getPath() + "/" + settings.container(),
            "restype:container");
    HttpResponse<byte[]> made =
        upstream.send(
            HttpRequest.newBuilder(
                    URI.create(
                        settings.endpoint() + "/" + settings.container() + "?restype=container"))
                .header("x-ms-date", date)
                .header("x-ms-version", VERSION)
                .header("Authorization", authorization)
                .PUT(BodyPublishers.noBody())
                .build());
    if (made.statusCode() != 201 && made.statusCode() != 409) {
      throw refused("create the container", made);
    }
  }

  @Override
  public String credentialType() {
    return "AZURE_SAS_URI";
  }

  @Override
  public SignedUrl sign(String key, Access access) {
    String query = query(settings.container() + "/" + key, access == Access.READ ? "r" : "cw");
    return new SignedUrl(
        gate.base()
            + "/"
            + name()
            + "/"
            + settings.container()
            + "/"
            + Escapes.path(key)
            + "?"
            + query,
        access == Access.READ ? Map.of() : Map.of("x-ms-blob-type", "BlockBlob"));
  }

  private String query(String place, String permissions) {
    Instant now = gate.clock().instant();
    return gate.urls()
        .issue(more -> sas.sign(place, "b", permissions, now, now.plus(life).plusSeconds(more)));
  }

  @Override
  public List<BlobEntry> list(String directory) throws IOException {
    List<BlobEntry> entries = new ArrayList<>();
    String prefix = directory + "/";
    String marker = "";
    do {
      Map<String, String> query = new LinkedHashMap<>();
      query.put("restype", "container");
      query.put("comp", "list");
      query.put("prefix", prefix);
      query.put("delimiter", "/");
      if (!marker.isEmpty()) {
        query.put("marker", marker);
      }
      HttpResponse<byte[]> answer = own("GET", "", query, "c", "l");
      if (answer.statusCode() != 200) {
        throw refused("list", answer);
      }
      Element root = Xml.read(answer.body());
      Element blobs = Xml.child(root, "Blobs");
      if (blobs != null) {
        for (Element blob : Xml.children(blobs, "Blob")) {
          String size = Xml.value(Xml.child(blob, "Properties"), "Content-Length");
          String name = Xml.value(blob, "Name").substring(prefix.length());
          entries.add(new BlobEntry(name, false, Long.parseLong(size)));
        }
        for (Element inner : Xml.children(blobs, "BlobPrefix")) {
          String name = Xml.value(inner, "Name");
          entries.add(new BlobEntry(name.substring(prefix.length(), name.length() - 1), true, 0));
        }
      }
      marker = Xml.value(root, "NextMarker");
    } while (!marker.isEmpty());
    return entries;
  }

  @Override
  public OptionalLong size(String key) throws IOException {
    HttpResponse<byte[]> answer = own("HEAD", "/" + Escapes.path(key), Map.of(), "b", "r", key);
    if (answer.statusCode() == 404) {
      return OptionalLong.empty();
    }
    if (answer.statusCode() != 200) {
      throw refused("read a file's properties", answer);
    }
    return answer.headers().firstValueAsLong("content-length");
  }

  private HttpResponse<byte[]> own(
      String method, String path, Map<String, String> query, String resource, String permission)
      throws IOException {
    return own(method, path, query, resource, permission, "");
  }

  private HttpResponse<byte[]> own(
      String method,
      String path,
      Map<String, String> query,
      String resource,
      String permission,
      String key)
      throws IOException {
    Instant now = gate.clock().instant();
    String place = settings.container() + (key.isEmpty() ? "" : "/" + key);
    String signature = sas.sign(place, resource, permission, now, now.plus(OWN_LIFE));
    String text = query.isEmpty() ? signature : Escapes.query(query) + "&" + signature;
    return upstream.send(
        HttpRequest.newBuilder(
                URI.create(settings.endpoint() + "/" + settings.container() + path + "?" + text))
            .method(method, BodyPublishers.noBody())
            .build());
  }

  private static IOException refused(String what, HttpResponse<byte[]> answer) {
    String code =
        answer
            .headers()
            .firstValue("x-ms-error-code")
            .orElseGet(() ->
                new String(answer.body(), StandardCharsets.UTF_8)
                    .replaceAll("(?s).*<Code>(.*)</Code>.*", "$1"));
    return new IOException(
        "The blob store refused to " + what + ": " + answer.statusCode() + " " + code);
  }

  @Override
  public String name() {
    return "azure";
  }

  @Override
  public Dialect dialect() {
    return Dialect.AZURE_BLOB;
  }

  @Override
  public BlobRefusal expired() {
    return Sas.expired();
  }

  @Override
  public String key(String place) {
    String start = settings.container() + "/";
    return place.startsWith(start) ? place.substring(start.length()) : place;
  }

  @Override
  public void serve(BlobCall call) throws IOException, InterruptedException {
    String raw = call.exchange().req().getRequestURI().substring(name().length() + 1);
    String query = call.exchange().req().getQueryString();
    upstream.pass(call, URI.create(settings.endpoint() + raw + (query == null ? "" : "?" + query)));
  }

  @Override
  public void close() {
    upstream.close();
  }
}
