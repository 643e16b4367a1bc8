package dev.portage.localworkspace.endpoints;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.documents.DocumentFolder;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Sha256;
import dev.portage.localworkspace.serving.ModelVersion;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoints of a workspace, on disk. */
final class EndpointBook {
  private static final Logger log = LoggerFactory.getLogger(EndpointBook.class);

  private final Map<String, Endpoint> byName = new TreeMap<>();
  private final AtomicLong keys;
  private final DocumentFolder kept;
  private final Endpoint.Maker maker;
  private final InstantSource clock;

  /** Those of a folder; they don't serve yet. */
  EndpointBook(DocumentFolder kept, Endpoint.Maker maker, InstantSource clock) {
    this.kept = kept;
    this.maker = maker;
    this.clock = clock;
    this.keys = new AtomicLong(clock.millis() * 1000);
  }

  /**
   * The versions that are served on disk, or were to be.
   *
   * @throws IOException when it can't be read
   */
  synchronized Set<ModelVersion> keptVersions() throws IOException {
    Set<ModelVersion> versions = new HashSet<>();
    for (ObjectNode document : kept.all().values()) {
      for (String stage : List.of("active", "pending")) {
        if (document.get(stage) instanceof ObjectNode config) {
          EndpointConfig.read(config).entities().forEach(entity -> versions.add(entity.served()));
        }
      }
    }
    return versions;
  }

  /**
   * Serves what was served when the workspace ended.
   *
   * @throws IOException when it can't be read
   */
  synchronized void goOn() throws IOException {
    for (Map.Entry<Long, ObjectNode> entry : kept.all().entrySet()) {
      ObjectNode document = entry.getValue();
      keys.accumulateAndGet(entry.getKey(), Math::max);
      Endpoint.Identity identity =
          new Endpoint.Identity(
              entry.getKey(),
              document.path("id").asText(),
              document.path("name").asText(),
              document.path("creator").asText(),
              document.path("created").asLong());
      Endpoint endpoint = new Endpoint(identity, Json.object(), maker, clock, this::keep);
      try {
        endpoint.goOn(document);
        byName.put(identity.name(), endpoint);
      } catch (IllegalArgumentException e) {
        log.warn("Skipping endpoint {}, which can't be read: {}", identity.name(), e.getMessage());
      }
    }
  }

  private void keep(Endpoint endpoint) {
    kept.put(endpoint.identity().key(), endpoint.document());
  }

  static ApiRefusal missing(String name) {
    return ApiRefusal.notFound(
        "RESOURCE_DOES_NOT_EXIST", "Endpoint with name '" + name + "' does not exist.");
  }

  /**
   * An endpoint.
   *
   * @throws ApiRefusal RESOURCE_DOES_NOT_EXIST
   */
  synchronized Endpoint get(String name) {
    Endpoint endpoint = byName.get(name);
    if (endpoint == null) {
      throw missing(name);
    }
    return endpoint;
  }

  /**
   * The endpoint of an id.
   *
   * @throws ApiRefusal RESOURCE_DOES_NOT_EXIST
   */
  synchronized Endpoint byId(String id) {
    return byName.values().stream()
        .filter(endpoint -> endpoint.identity().id().equals(id))
        .findFirst()
        .orElseThrow(() ->
            ApiRefusal.notFound(
                "RESOURCE_DOES_NOT_EXIST", "Endpoint with id '" + id + "' does not exist."));
  }

  /** All, by name. */
  synchronized List<Endpoint> all() {
    return List.copyOf(byName.values());
  }

  /**
   * Refuses a name that is taken.
   *
   * @throws ApiRefusal RESOURCE_ALREADY_EXISTS
   */
  synchronized void requireFree(String name) {
    if (byName.containsKey(name)) {
      throw ApiRefusal.resourceAlreadyExists("Endpoint with name '" + name + "' already exists.");
    }
  }

  /** Adds an endpoint that serves nothing yet. */
  synchronized Endpoint add(
      String name, String creator, ObjectNode described, Map<String, String> tags) {
    requireFree(name);
    long key = keys.incrementAndGet();
    Endpoint.Identity identity =
        new Endpoint.Identity(
            key, Sha256.of(name + "/" + key).substring(0, 32), name, creator, clock.millis());
    Endpoint endpoint = new Endpoint(identity, described, maker, clock, this::keep);
    byName.put(name, endpoint);
    endpoint.changeTags(tags, List.of());
    return endpoint;
  }

  /** Removes an endpoint, and stops what it serves. */
  void remove(String name) {
    Endpoint endpoint;
    synchronized (this) {
      endpoint = get(name);
      byName.remove(name);
      kept.remove(endpoint.identity().key());
    }
    endpoint.delete();
  }

  /** Stops all servers. */
  void close() {
    all().forEach(Endpoint::close);
  }
}
