package dev.portage.store.signed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.MlflowServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Credentials that a server vends, the same for all files: Unity Catalog's {@code
 * TemporaryCredentials} (MLflow's {@code databricks_uc_registry_messages.proto}). Requested again
 * after half of their lifetime, and when a caller asks again for the same purpose, since they were
 * refused then. Thread-safe.
 */
public final class Vending {
  private final MlflowServer server;
  private final Supplier<JsonNode> again;
  private final Clock clock;

  /** What those of now were given for. */
  private final Set<String> used = new HashSet<>();

  private Vended now;

  /**
   * Begins with credentials already requested.
   *
   * @param again requests others from the server
   */
  public Vending(MlflowServer server, JsonNode first, Supplier<JsonNode> again, Clock clock) {
    this.server = server;
    this.again = again;
    this.clock = clock;
    this.now = vended(first);
  }

  /**
   * Some credentials. Anyone who knows them can do what they grant, so they are never shown.
   *
   * @param credentials as the server words them
   * @param from when they were requested
   * @param until when they expire, null if the server doesn't say
   */
  public record Vended(
      MlflowServer server, JsonNode credentials, Instant from, @Nullable Instant until) {

    /**
     * A field, which is never empty.
     *
     * @param path such as "aws_temp_credentials", "access_key_id"
     * @throws io.temporal.failure.ApplicationFailure when there is none
     */
    public String field(String... path) {
      JsonNode node = credentials;
      for (String name : path) {
        node = node.path(name);
      }
      if (node.asText().isEmpty()) {
        throw server.failure(
            FailureKind.PLATFORM,
            "use storage credentials",
            "they have no " + String.join(".", path),
            "Portage requests new ones.");
      }
      return node.asText();
    }

    private boolean isHalfOver(Instant now) {
      return until != null && now.isAfter(from.plus(Duration.between(from, until).dividedBy(2)));
    }

    @Override
    public String toString() {
      return "Vended[until=" + until + "]";
    }
  }

  /** Those to be used now, for all of this. */
  public synchronized Vended of(Collection<String> uses) {
    if (now.isHalfOver(clock.instant()) || uses.stream().anyMatch(used::contains)) {
      now = vended(again.get());
      used.clear();
    }
    used.addAll(uses);
    return now;
  }

  private Vended vended(JsonNode credentials) {
    Instant from = clock.instant();
    Instant until = Instant.ofEpochMilli(credentials.path("expiration_time").asLong());
    // The server's clock may differ from ours, so this proves nothing.
    return new Vended(server, credentials, from, until.isAfter(from) ? until : null);
  }
}
