package dev.portage.eventlog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.mlflow.Run;
import dev.portage.release.RecordQuery;
import dev.portage.release.Release;
import dev.portage.release.ReleaseOrder;
import dev.portage.store.ArtifactStore;
import dev.portage.store.tracking.ArtifactStores;
import dev.portage.temporal.Payloads;
import dev.portage.transfer.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Records of releases as artifacts {@code portage/release.json} of the models' runs. */
final class ReleaseFiles {
  private static final String FOLDER = "portage";
  private static final String NAME = "release.json";
  private static final int MOST_BYTES = 1 << 20;
  private static final ObjectWriter JSON = Payloads.mapper().writerWithDefaultPrettyPrinter();

  private final MlflowServers servers;
  private final ArtifactStores stores;

  ReleaseFiles(MlflowServers servers, ArtifactStores stores) {
    this.servers = servers;
    this.stores = stores;
  }

  /** Writes it; the same record twice is one. Returns the artifact's URI. */
  String write(ReleaseOrder order) {
    MlflowServer server = servers.of(order.release().workspace());
    Run run = server.runs().get(order.runId());
    String folder = run.artifactUri() + "/" + FOLDER;
    byte[] bytes = written(order.release());
    // Writing a file replaces it, so a repeat needs no look first.
    stores
        .at(server, folder)
        .write(NAME, bytes.length, stream -> stream.write(bytes, bytes.length));
    return folder + "/" + NAME;
  }

  /** The record in a run; empty if there is none, or it is not a record. */
  Optional<Release> read(RecordQuery query) {
    MlflowServer server = servers.of(query.workspace());
    ArtifactStore store =
        stores.at(server, server.runs().get(query.runId()).artifactUri() + "/" + FOLDER);
    // The listing says whether it exists: some servers answer 500 for a missing file.
    return store.list().stream().noneMatch(file -> file.path().equals(NAME))
        ? Optional.empty()
        : parsed(store.read(NAME, stream -> WholeFile.of(stream, MOST_BYTES).toByteArray()));
  }

  /** Anything that can't be read as a record was written by someone else, and means nothing. */
  private static Optional<Release> parsed(byte[] bytes) {
    try {
      return Optional.ofNullable(Payloads.mapper().readValue(bytes, Release.class));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static byte[] written(Release release) {
    try {
      return (JSON.writeValueAsString(release) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a release is a payload and can be written", e);
    }
  }
}
