package dev.portage.localworkspace.endpoints;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.serving.Deployment;
import dev.portage.localworkspace.serving.Router;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A serving endpoint. It serves one configuration while it makes another ready, and changes over in
 * one step once every entity of that is ready; if one can't be made, the old configuration stays.
 */
final class Endpoint {
  private static final Logger log = LoggerFactory.getLogger(Endpoint.class);

  /** How an update went, in the API's words. */
  enum ConfigUpdate {
    NOT_UPDATING,
    IN_PROGRESS,
    UPDATE_FAILED,
    UPDATE_CANCELED
  }

  /**
   * What never changes.
   *
   * @param key by which it is kept
   * @param id by which the permissions API knows it
   */
  record Identity(long key, String id, String name, String creator, long created) {}

  /** Makes deployments of entities. */
  @FunctionalInterface
  interface Maker {
    Deployment make(ServedEntity entity, boolean recovers);
  }

  private final Identity identity;
  private final Maker maker;
  private final InstantSource clock;
  private final Keeper keeper;
  private final Router router = new Router();

  // Guarded by this object.
  private ObjectNode described;
  private final Map<String, String> tags = new TreeMap<>();
  private final Map<String, String> permissions = new TreeMap<>();
  private @Nullable EndpointConfig active;
  private @Nullable EndpointConfig pending;
  private Map<String, Deployment> serving = Map.of();
  private Map<String, Deployment> coming = Map.of();
  private ConfigUpdate update = ConfigUpdate.NOT_UPDATING;
  private int lastVersion;
  private long updated;
  private long readySince;
  private boolean deleted;

  /**
   * A new one that serves nothing.
   *
   * @param described what is only kept: its description and the like
   * @param keeper writes it to disk with every change
   */
  Endpoint(
      Identity identity, ObjectNode described, Maker maker, InstantSource clock, Keeper keeper) {
    this.identity = identity;
    this.described = described;
    this.maker = maker;
    this.clock = clock;
    this.keeper = keeper;
    this.updated = identity.created();
  }

  /** Keeps an endpoint. */
  @FunctionalInterface
  interface Keeper {
    void keep(Endpoint endpoint);
  }

  /**
   * A configuration with the deployments of its entities, by name.
   *
   * @param deployments what there is of them: none of a change that ended with another start of the
   *     workspace
   */
  record Stage(EndpointConfig config, Map<String, Deployment> deployments) {
    static @Nullable Stage of(
        @Nullable EndpointConfig config, Map<String, Deployment> deployments) {
      return config == null ? null : new Stage(config, Map.copyOf(deployments));
    }
  }

  /** All of it that is shown, at one moment. */
  record View(
      ObjectNode described,
      Map<String, String> tags,
      @Nullable Stage active,
      @Nullable Stage pending,
      ConfigUpdate update,
      long updated,
      boolean ready) {}

  Identity identity() {
    return identity;
  }

  Router router() {
    return router;
  }

  synchronized View view() {
    boolean ready =
        active != null
            && serving.values().stream().allMatch(d -> d.state() == Deployment.State.READY);
    return new View(
        described.deepCopy(),
        new TreeMap<>(tags),
        Stage.of(active, serving),
        Stage.of(pending, coming),
        update,
        updated,
        ready);
  }

  /** When it served for the first time since this workspace started; 0 for never. */
  synchronized long readySince() {
    return readySince;
  }

  synchronized @Nullable EndpointConfig active() {
    return active;
  }

  /** The number for the next configuration. */
  synchronized int nextVersion() {
    return lastVersion + 1;
  }

  /**
   * Refuses a change while another is being made.
   *
   * @throws ApiRefusal RESOURCE_CONFLICT
   */
  synchronized void requireIdle() {
    if (update == ConfigUpdate.IN_PROGRESS) {
      throw ApiRefusal.of(
          409,
          "RESOURCE_CONFLICT",
          "Endpoint "
              + identity.name()
              + " is currently updating. Wait for the update to complete before updating its"
              + " configuration.");
    }
  }

  /**
   * Begins to change to a configuration.
   *
   * @throws ApiRefusal RESOURCE_CONFLICT while another change is being made
   */
  synchronized void change(EndpointConfig desired) {
    requireIdle();
    if (deleted) {
      throw EndpointBook.missing(identity.name());
    }
    pending = desired;
    update = ConfigUpdate.IN_PROGRESS;
    lastVersion = desired.version();
    updated = clock.millis();
    keep();
    makeReady(desired);
  }

  private void keep() {
    if (!deleted) {
      keeper.keep(this);
    }
  }

  /** Makes what is missing for a configuration, and changes over once all of it is ready. */
  private synchronized void makeReady(EndpointConfig desired) {
    Map<String, Deployment> all = new LinkedHashMap<>();
    List<Deployment> fresh = new ArrayList<>();
    for (ServedEntity entity : desired.entities()) {
      Deployment there = serving.get(entity.name());
      ServedEntity now = active == null ? null : active.entity(entity.name());
      if (there == null || !entity.isServedAs(now)) {
        there = maker.make(entity, false);
        fresh.add(there);
      }
      all.put(entity.name(), there);
    }
    coming = all;
    fresh.forEach(Deployment::start);
    if (fresh.isEmpty()) {
      // Beside the call, as it would be if there were something to wait for.
      Thread.ofVirtual().start(() -> changeOver(desired, all, fresh, true));
    }
    AtomicInteger missing = new AtomicInteger(fresh.size());
    for (Deployment deployment : fresh) {
      // The first failure decides, whatever the others may still become.
      var _ =
          deployment
              .settled()
              .thenAcceptAsync(
                  ready -> {
                    if (!ready || missing.decrementAndGet() == 0) {
                      changeOver(desired, all, fresh, ready);
                    }
                  },
                  work -> Thread.ofVirtual().start(work));
    }
  }

  private void changeOver(
      EndpointConfig desired, Map<String, Deployment> all, List<Deployment> fresh, boolean made) {
    synchronized (this) {
      if (deleted
          || pending == null
          || pending.version() != desired.version()
          || update != ConfigUpdate.IN_PROGRESS) {
        return;
      }
      if (made) {
        router.replace(all, desired.routes());
        serving = all;
        coming = Map.of();
        active = desired;
        pending = null;
        update = ConfigUpdate.NOT_UPDATING;
        readySince = readySince == 0 ? clock.millis() : readySince;
      } else {
        update = ConfigUpdate.UPDATE_FAILED;
      }
      keep();
    }
    log.info(
        "Endpoint {} {} configuration {}",
        identity.name(),
        made ? "serves" : "failed to change to",
        desired.version());
    if (!made) {
      fresh.forEach(d -> d.stop("the update of the endpoint failed"));
    }
  }

  /** Stops a change that is being made, as people can; what was served stays. False for none. */
  boolean cancelUpdate() {
    List<Deployment> dropped;
    synchronized (this) {
      if (update != ConfigUpdate.IN_PROGRESS) {
        return false;
      }
      update = ConfigUpdate.UPDATE_CANCELED;
      dropped = coming.values().stream().filter(d -> !serving.containsValue(d)).toList();
      keep();
    }
    dropped.forEach(d -> d.stop("the update was canceled"));
    return true;
  }

  synchronized Map<String, String> changeTags(Map<String, String> added, List<String> removed) {
    tags.putAll(added);
    removed.forEach(tags::remove);
    keep();
    return new TreeMap<>(tags);
  }

  synchronized Map<String, String> permissions() {
    return new TreeMap<>(permissions);
  }

  synchronized void permit(Map<String, String> given, boolean only) {
    if (only) {
      permissions.clear();
    }
    permissions.putAll(given);
    keep();
  }

  synchronized void notify(ObjectNode notifications) {
    described.set("email_notifications", notifications);
    keep();
  }

  /** A served entity by its name: one that is coming, before one that serves; null for none. */
  synchronized @Nullable Deployment deployment(String name) {
    Deployment fresh = coming.get(name);
    return fresh != null ? fresh : serving.get(name);
  }

  /** All that have a server or want one. */
  synchronized List<Deployment> deployments() {
    List<Deployment> all = new ArrayList<>(serving.values());
    coming.values().stream().filter(d -> !all.contains(d)).forEach(all::add);
    return all;
  }

  /** Takes no more requests, and stops what it serves. */
  void delete() {
    List<Deployment> all;
    synchronized (this) {
      deleted = true;
      all = deployments();
      router.replace(Map.of(), Map.of());
    }
    all.forEach(d -> d.stop("the endpoint was deleted"));
  }

  /** Stops its servers; what it serves stays on disk. */
  void close() {
    List<Deployment> all;
    synchronized (this) {
      deleted = true;
      all = deployments();
    }
    all.forEach(d -> d.stop("the workspace stopped"));
  }

  synchronized ObjectNode document() {
    ObjectNode document =
        Json.object()
            .put("id", identity.id())
            .put("name", identity.name())
            .put("creator", identity.creator())
            .put("created", identity.created())
            .put("updated", updated)
            .put("lastVersion", lastVersion)
            .put("update", update.name());
    document.set("described", described);
    document.set("tags", Json.ofTexts(tags));
    document.set("permissions", Json.ofTexts(permissions));
    if (active != null) {
      document.set("active", active.document());
    }
    if (pending != null) {
      document.set("pending", pending.document());
    }
    return document;
  }

  /** Goes on where a workspace ended: serves what it served, and makes ready what was coming. */
  synchronized void goOn(ObjectNode document) {
    updated = document.path("updated").asLong();
    lastVersion = document.path("lastVersion").asInt();
    update = ConfigUpdate.valueOf(document.path("update").asText("NOT_UPDATING"));
    tags.putAll(Json.texts(document, "tags"));
    permissions.putAll(Json.texts(document, "permissions"));
    ObjectNode shown = Json.part(document, "described");
    described = shown == null ? Json.object() : shown;
    if (document.get("active") instanceof ObjectNode kept) {
      EndpointConfig config = EndpointConfig.read(kept);
      Map<String, Deployment> all = new LinkedHashMap<>();
      config.entities().forEach(entity -> all.put(entity.name(), maker.make(entity, true)));
      active = config;
      serving = all;
      readySince = clock.millis();
      router.replace(all, config.routes());
      all.values().forEach(Deployment::start);
    }
    if (document.get("pending") instanceof ObjectNode kept) {
      EndpointConfig config = EndpointConfig.read(kept);
      pending = config;
      if (update == ConfigUpdate.IN_PROGRESS) {
        makeReady(config);
      }
    }
  }
}
