package dev.portage.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.portage.copy.ReadAbilities;
import dev.portage.copy.WriteAbilities;
import dev.portage.failure.FailureKind;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * A folder of Azure Data Lake Storage Gen2, {@code abfss://FILESYSTEM@ACCOUNT.SUFFIX/PATH}, for
 * which a server hands out a shared access signature: one for all files, asked for anew when it is
 * refused or half of its time is over. Whoever knows it may do what it grants: it is told to
 * nobody.
 */
public final class VendedAzure implements ArtifactStore {
  private static final Pattern LOCATION =
      Pattern.compile("abfss://([\\w$-]+)@(\\w+)\\.([\\w.-]+)/(.+?)/*");

  private static final String WAY = "by vended credentials of Azure Data Lake Storage";

  /** The key of the folder itself, which no file has. */
  private static final String FOLDER = "";

  private final MlflowServer server;
  private final String folder;
  private final Grants grants;
  private final SignedReads reading;
  private final AzureLakeWrites writing;

  private VendedAzure(
      MlflowServer server, HttpUrl filesystem, String folder, Supplier<String> signature) {
    this.server = server;
    this.folder = folder;
    this.grants = new Grants(new Vendor(server, filesystem, folder, signature));
    this.reading = new SignedReads(server, grants);
    this.writing = new AzureLakeWrites(server, grants);
  }

  /**
   * The folder.
   *
   * @param location as {@code abfss://…}
   * @param signature asks the server for a signature, as a query without question mark
   * @throws io.temporal.failure.ApplicationFailure when that is no such place
   */
  public static VendedAzure at(MlflowServer server, String location, Supplier<String> signature) {
    return at(server, location, signature, UnaryOperator.identity());
  }

  /**
   * The folder, at another address.
   *
   * @param address which address of the account is used instead of its own
   */
  public static VendedAzure at(
      MlflowServer server,
      String location,
      Supplier<String> signature,
      UnaryOperator<HttpUrl> address) {
    Matcher place = LOCATION.matcher(location);
    HttpUrl account =
        place.matches()
            ? HttpUrl.parse("https://" + place.group(2) + "." + place.group(3) + "/")
            : null;
    String path =
        place.matches()
            ? URLDecoder.decode(
                String.valueOf(place.group(4)).replace("+", "%2B"), StandardCharsets.UTF_8)
            : "";
    String objection = ArtifactPath.objection(path);
    if (account == null || !objection.isEmpty()) {
      throw server.failure(
          FailureKind.USER,
          "reach artifacts at " + ArtifactPath.shown(location),
          "that is no folder of Azure Data Lake Storage",
          "Allowed: abfss://FILESYSTEM@ACCOUNT.dfs.core.windows.net/PATH.");
    }
    HttpUrl filesystem =
        address.apply(account).newBuilder().addPathSegment(String.valueOf(place.group(1))).build();
    return new VendedAzure(server, filesystem, path, signature);
  }

  /** Makes grants of files from the one signature. */
  private static final class Vendor implements Signer {
    private final MlflowServer server;
    private final HttpUrl filesystem;
    private final String folder;
    private final Supplier<String> signature;

    /** What the signature of now was used for: who asks again was refused. */
    private final Set<String> used = new HashSet<>();

    private @Nullable String now;

    private Vendor(
        MlflowServer server, HttpUrl filesystem, String folder, Supplier<String> signature) {
      this.server = server;
      this.filesystem = filesystem;
      this.folder = folder;
      this.signature = signature;
    }

    @Override
    public int most() {
      return 1000;
    }

    @Override
    public synchronized Map<String, Grant> sign(List<String> keys) {
      String query = now;
      if (query == null || keys.stream().anyMatch(used::contains)) {
        query = signature.get();
        now = query;
        used.clear();
      }
      used.addAll(keys);
      Map<String, Grant> grants = new HashMap<>();
      for (String key : keys) {
        HttpUrl.Builder url = filesystem.newBuilder();
        if (!key.equals(FOLDER)) {
          for (String segment : (folder + "/" + key).split("/", -1)) {
            url.addPathSegment(segment);
          }
        }
        grants.put(
            key,
            Grant.of(
                server,
                "use the storage's signature",
                "vended",
                url.build() + "?" + query,
                Map.of(),
                Instant.now()));
      }
      return grants;
    }
  }

  @Override
  public List<ArtifactFile> list() {
    return new Listing(server, "list files in " + folder).files(this::entries);
  }

  /**
   * One folder, page by page (<a
   * href="https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/path/list">Path
   * - List</a>).
   */
  private JsonNode entries(String inner) {
    ArrayNode entries = JsonNodeFactory.instance.arrayNode();
    String start = folder + "/" + inner;
    Attempt attempt = server.attempt("list files in " + ArtifactPath.shown(start));
    Set<String> tokens = new HashSet<>();
    String token = "";
    do {
      HttpAnswer answer = page(attempt, start.substring(0, start.length() - 1), token);
      if (answer.status() == 404 && token.isEmpty()) {
        return entries; // A folder exists as long as there are files in it.
      }
      if (!answer.isSuccess()) {
        throw SignedErrors.failure(attempt, answer);
      }
      for (JsonNode path : answer.json().path("paths")) {
        String name = path.path("name").asText();
        if (!name.startsWith(start)) {
          throw refused(attempt, "it lists " + ArtifactPath.shown(name) + ", which is elsewhere");
        }
        entries
            .addObject()
            .put("path", name.substring(start.length()))
            .put("is_dir", path.path("isDirectory").asText().equals("true"))
            .put("file_size", path.path("contentLength").asText("0"));
      }
      String next = answer.headers().get("x-ms-continuation");
      token = next == null ? "" : next;
      if (entries.size() > Listing.MOST_FILES) {
        return entries; // Whoever reads it refuses so many.
      }
      if (!token.isEmpty() && (!tokens.add(token) || tokens.size() > Listing.MOST_FILES)) {
        throw refused(attempt, "the listing does not end");
      }
    } while (!token.isEmpty());
    return entries;
  }

  private HttpAnswer page(Attempt attempt, String directory, String token) {
    while (true) {
      Grant grant = grants.of(FOLDER);
      HttpUrl.Builder url =
          grant
              .url()
              .newBuilder()
              .addQueryParameter("resource", "filesystem")
              .addQueryParameter("recursive", "false")
              .addQueryParameter("directory", directory);
      if (!token.isEmpty()) {
        url.addQueryParameter("continuation", token);
      }
      Request request = grant.request(url.build(), _ -> true).build();
      HttpAnswer answer = server.way().ask(attempt, SignedErrors.TABLE, request);
      if (!SignedErrors.isOfGrant(answer)) {
        grants.taken(FOLDER);
        return answer;
      }
      grants.refused(FOLDER, grant, SignedErrors.failure(attempt, answer));
    }
  }

  private RuntimeException refused(Attempt attempt, String why) {
    return server.failure(FailureKind.USER, attempt.tried(), why, "Such a model is not carried.");
  }

  @Override
  public ReadAbilities probeReads(@Nullable String sample) {
    return sample == null ? new ReadAbilities(WAY, false, false) : reading.probe(sample, WAY);
  }

  @Override
  public void willRead(List<String> paths) {
    grants.expect(paths);
  }

  @Override
  public <T> T read(String path, Reader<T> reader) {
    return reading.read(path, reader);
  }

  @Override
  public <T> T read(String path, long offset, long length, Reader<T> reader) {
    return reading.read(path, offset, length, reader);
  }

  @Override
  public WriteAbilities probeWrites() {
    return new WriteAbilities(WAY, writing.parts());
  }

  @Override
  public void willWrite(List<String> paths) {
    grants.expect(paths);
  }

  @Override
  public void write(String path, long size, Body body) {
    writing.write(path, size, body);
  }

  @Override
  public boolean delete(String path) {
    Attempt attempt = server.attempt("delete file " + ArtifactPath.shown(path));
    Grant grant = grants.of(path);
    Request request = grant.request().delete().build();
    HttpAnswer answer = server.way().ask(attempt, SignedErrors.TABLE, request);
    if (answer.status() == 401 || answer.status() == 403) {
      return false; // What is granted for a version need not hold leave to delete.
    }
    if (!answer.isSuccess() && answer.status() != 404) {
      throw SignedErrors.failure(attempt, answer);
    }
    return true;
  }

  @Override
  public Upload begin(String path, long size, long partBytes, int parts) {
    return writing.begin(path, size, partBytes, parts);
  }

  @Override
  public Upload resume(String path, String token) {
    return writing.resume(path, token);
  }
}
