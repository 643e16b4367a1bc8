package dev.portage.unitycatalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.portage.copy.ReadCapabilities;
import dev.portage.copy.WriteCapabilities;
import dev.portage.failure.FailureKind;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactPath;
import dev.portage.store.ArtifactStore;
import dev.portage.store.Listing;
import dev.portage.store.azure.VendedAzure;
import dev.portage.store.bucket.AwsBucket;
import dev.portage.store.bucket.GoogleBucket;
import dev.portage.store.http.SignedErrors;
import dev.portage.store.signed.SignedReads;
import dev.portage.store.signed.VendedPlace;
import dev.portage.store.signed.Vending;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * A folder in a cloud's storage for which a server vends credentials: one set for all files. They
 * never leave the process.
 */
public final class VendedStore implements ArtifactStore {
  private final MlflowServer server;
  private final VendedPlace place;
  private final String way;
  private final SignedReads reading;

  private VendedStore(MlflowServer server, VendedPlace place) {
    this.server = server;
    this.place = place;
    this.way = "with vended credentials for " + place.storage();
    this.reading = new SignedReads(server, place.reads());
  }

  /**
   * The folder.
   *
   * @param location as {@code s3://…}
   * @param credentials Unity Catalog's {@code TemporaryCredentials}
   * @param again requests others from the server
   * @throws io.temporal.failure.ApplicationFailure when it is not known how to get there
   */
  public static VendedStore at(
      MlflowServer server, String location, JsonNode credentials, Supplier<JsonNode> again) {
    return at(server, location, credentials, again, UnaryOperator.identity());
  }

  /**
   * The folder, at another address.
   *
   * @param address which address is used instead of the storage's own
   */
  public static VendedStore at(
      MlflowServer server,
      String location,
      JsonNode credentials,
      Supplier<JsonNode> again,
      UnaryOperator<HttpUrl> address) {
    Vending vending = new Vending(server, credentials, again, Clock.systemUTC());
    VendedPlace place = null;
    if (credentials.has(VendedAzure.CREDENTIALS)) {
      place = VendedAzure.at(server, location, vending, address);
    } else if (credentials.has(AwsBucket.S3_CREDENTIALS)) {
      place = AwsBucket.ofS3(server, location, vending, address);
    } else if (credentials.has(AwsBucket.R2_CREDENTIALS)) {
      place = AwsBucket.ofR2(server, location, vending, address);
    } else if (credentials.has(GoogleBucket.CREDENTIALS)) {
      place = GoogleBucket.at(server, location, vending, address);
    }
    if (place == null || !ArtifactPath.objection(place.folder()).isEmpty()) {
      throw server.failure(
          FailureKind.USER,
          "reach artifacts at " + ArtifactPath.shown(location),
          "its credentials or location are of an unknown kind",
          "Known: "
              + String.join(
                  ", ",
                  VendedAzure.KNOWN,
                  AwsBucket.S3_KNOWN,
                  AwsBucket.R2_KNOWN,
                  GoogleBucket.KNOWN)
              + ". Or enable the Files API for models in that workspace.");
    }
    return new VendedStore(server, place);
  }

  @Override
  public List<ArtifactFile> list() {
    return new Listing(server, "list files in " + place.folder()).files(this::entries);
  }

  /** One folder, page by page; its path ends with a slash, or is empty for the root. */
  private JsonNode entries(String inner) {
    ArrayNode entries = JsonNodeFactory.instance.arrayNode();
    String start = place.folder() + "/" + inner;
    Attempt attempt = server.attempt("list files in " + ArtifactPath.shown(start));
    Set<String> tokens = new HashSet<>();
    String token = "";
    do {
      VendedPlace.Page page = place.page(attempt, start, token);
      for (VendedPlace.Entry entry : page.entries()) {
        if (!entry.path().startsWith(start)) {
          throw refused(
              attempt, "it lists " + ArtifactPath.shown(entry.path()) + ", which is elsewhere");
        }
        entries
            .addObject()
            .put("path", entry.path().substring(start.length()))
            .put("is_dir", entry.isFolder())
            .put("file_size", entry.size());
      }
      token = page.next();
      if (entries.size() > Listing.MOST_FILES) {
        return entries; // The reader refuses this many.
      }
      if (!token.isEmpty() && (!tokens.add(token) || tokens.size() > Listing.MOST_FILES)) {
        throw refused(attempt, "the listing never ends");
      }
    } while (!token.isEmpty());
    return entries;
  }

  private RuntimeException refused(Attempt attempt, String why) {
    return server.failure(FailureKind.USER, attempt.tried(), why, "Such a model can't be copied.");
  }

  @Override
  public ReadCapabilities probeReads(@Nullable String sample) {
    return reading.probe(sample, way);
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
  public WriteCapabilities probeWrites() {
    return new WriteCapabilities(way, place.writes().parts());
  }

  @Override
  public void write(String path, long size, Body body) {
    place.writes().write(path, size, body);
  }

  @Override
  public boolean delete(String path) {
    Attempt attempt = server.attempt("delete file " + ArtifactPath.shown(path));
    HttpAnswer answer =
        server
            .http()
            .ask(attempt, SignedErrors.TABLE, place.deletes().of(path).request().delete().build());
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
    return place.writes().begin(path, size, partBytes, parts);
  }

  @Override
  public Upload resume(String path, String token) {
    return place.writes().resume(path, token);
  }
}
