package dev.portage.store.azure;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.http.SignedErrors;
import dev.portage.store.signed.Grant;
import dev.portage.store.signed.Grants;
import dev.portage.store.signed.SignedCalls;
import dev.portage.store.signed.SignedWrites;
import dev.portage.store.signed.Signer;
import dev.portage.store.signed.VendedPlace;
import dev.portage.store.signed.Vending;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * A folder in Azure Data Lake Storage Gen2, {@code abfss://FILESYSTEM@ACCOUNT.SUFFIX/PATH},
 * accessed with a shared access signature, which is the same query for every request.
 */
public final class VendedAzure implements VendedPlace, Signer {
  /** What its credentials are called. */
  public static final String CREDENTIALS = "azure_user_delegation_sas";

  /** What is served, in words for people. */
  public static final String KNOWN =
      CREDENTIALS + " with abfss://FILESYSTEM@ACCOUNT.dfs.core.windows.net/PATH";

  private static final Pattern LOCATION =
      Pattern.compile("abfss://([\\w$-]+)@(\\w+)\\.([\\w.-]+)/(.+?)/*");

  /** The key of the folder itself, which no file has. */
  private static final String FOLDER = "";

  private final MlflowServer server;
  private final HttpUrl filesystem;
  private final String folder;
  private final Vending vending;
  private final Grants grants;
  private final SignedCalls calls;
  private final AzureLakeWrites writes;

  private VendedAzure(MlflowServer server, HttpUrl filesystem, String folder, Vending vending) {
    this.server = server;
    this.filesystem = filesystem;
    this.folder = folder;
    this.vending = vending;
    this.grants = new Grants(this);
    this.calls = new SignedCalls(server, grants);
    this.writes = new AzureLakeWrites(server, grants);
  }

  /**
   * The folder; null when that is no such place.
   *
   * @param address which address of the account is used instead of its own
   */
  public static @Nullable VendedAzure at(
      MlflowServer server, String location, Vending vending, UnaryOperator<HttpUrl> address) {
    Matcher place = LOCATION.matcher(location);
    HttpUrl account =
        place.matches()
            ? HttpUrl.parse("https://" + place.group(2) + "." + place.group(3) + "/")
            : null;
    if (account == null) {
      return null;
    }
    String path = String.valueOf(place.group(4)).replace("+", "%2B");
    return new VendedAzure(
        server,
        address.apply(account).newBuilder().addPathSegment(String.valueOf(place.group(1))).build(),
        URLDecoder.decode(path, StandardCharsets.UTF_8),
        vending);
  }

  @Override
  public int most() {
    return 1000;
  }

  @Override
  public Map<String, Grant> sign(List<String> keys) {
    Vending.Vended vended = vending.of(keys);
    String query = vended.field(CREDENTIALS, "sas_token");
    Map<String, Grant> signed = new HashMap<>();
    for (String key : keys) {
      HttpUrl.Builder url = filesystem.newBuilder();
      if (!key.equals(FOLDER)) {
        for (String segment : (folder + "/" + key).split("/", -1)) {
          url.addPathSegment(segment);
        }
      }
      signed.put(
          key,
          Grant.of(
              server,
              "use the storage's signature",
              "vended",
              url.build() + "?" + query,
              Map.of(),
              Instant.now(),
              vended.until()));
    }
    return signed;
  }

  @Override
  public String storage() {
    return "Azure Data Lake Storage";
  }

  @Override
  public String folder() {
    return folder;
  }

  @Override
  public Grants reads() {
    return grants;
  }

  @Override
  public SignedWrites writes() {
    return writes;
  }

  /**
   * <a
   * href="https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/path/list">Path
   * - List</a>.
   */
  @Override
  public Page page(Attempt attempt, String path, String token) {
    HttpAnswer answer =
        calls.ask(
            attempt,
            FOLDER,
            grant -> {
              HttpUrl.Builder url =
                  grant
                      .url()
                      .newBuilder()
                      .addQueryParameter("resource", "filesystem")
                      .addQueryParameter("recursive", "false")
                      .addQueryParameter("directory", path.substring(0, path.length() - 1));
              if (!token.isEmpty()) {
                url.addQueryParameter("continuation", token);
              }
              return grant.request(url.build(), _ -> true);
            });
    if (answer.status() == 404 && token.isEmpty()) {
      return Page.NONE; // A folder exists as long as there are files in it.
    }
    if (!answer.isSuccess()) {
      throw SignedErrors.failure(attempt, answer);
    }
    List<Entry> entries = new ArrayList<>();
    for (JsonNode entry : answer.json().path("paths")) {
      entries.add(
          new Entry(
              entry.path("name").asText(),
              entry.path("isDirectory").asText().equals("true"),
              entry.path("contentLength").asText("0")));
    }
    String next = answer.headers().get("x-ms-continuation");
    return new Page(entries, next == null ? "" : next);
  }

  @Override
  public Grants deletes() {
    return grants;
  }
}
