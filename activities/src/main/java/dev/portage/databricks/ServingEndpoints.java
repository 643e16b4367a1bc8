package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.live.SettingsRef;
import dev.portage.registry.Tags;
import dev.portage.serving.EndpointActivities;
import dev.portage.serving.EndpointChanged;
import dev.portage.serving.EndpointChanged.Outcome;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointCopies;
import dev.portage.serving.EndpointCopy;
import dev.portage.serving.EndpointOrder;
import dev.portage.serving.EndpointQuery;
import dev.portage.serving.EndpointReady;
import dev.portage.serving.EndpointState;
import dev.portage.serving.EndpointWait;
import dev.portage.serving.NewVersion;
import dev.portage.serving.ProbeOrder;
import dev.portage.serving.ProbeResult;
import dev.portage.serving.Served;
import dev.portage.serving.StoredEndpoint;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Serving endpoints of Databricks workspaces. The API has no idempotency token and needs none: an
 * order states everything that is to be served, so a repeat finds it done or under way. The tag
 * {@code portage_model} makes an endpoint Portage's; one without it is never changed.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/servingendpoints">Serving endpoints
 *     API</a>
 */
public final class ServingEndpoints implements EndpointActivities {
  private static final Duration UNDER_WAY = Duration.ofSeconds(5);

  private static final int LOOKS_AFTER_SENDING = 5;

  private final DatabricksClients clients;
  private final UndoStore store;
  private final ActivityWait waiting;
  private final EndpointProbes probes;
  private final EndpointWatch watch;

  /**
   * Endpoints of these workspaces.
   *
   * @param store keeps what an endpoint served
   * @param examples reads the input examples of models
   * @param waiting {@link ActivityWait#ofActivity()}, except in tests
   */
  public ServingEndpoints(
      DatabricksClients clients, UndoStore store, ModelExample examples, ActivityWait waiting) {
    this.clients = clients;
    this.store = store;
    this.waiting = waiting;
    this.probes = new EndpointProbes(examples, waiting);
    this.watch = new EndpointWatch(waiting);
  }

  @Override
  public Optional<EndpointState> findEndpoint(EndpointQuery query) {
    DatabricksApi api = clients.of(query.workspace());
    return read(api, query.endpoint())
        .map(found -> {
          requireOurs(api, found, query);
          OtherRegistered.refuseEndpoint(api, found, query);
          return state(api, found, query.model());
        });
  }

  @Override
  public StoredEndpoint storeEndpoint(EndpointCopy copy) {
    DatabricksApi api = clients.of(copy.workspace());
    JsonNode found = read(api, copy.endpoint()).orElse(null);
    if (found == null) {
      return new StoredEndpoint(null, null);
    }
    requireOurs(api, found, new EndpointQuery(copy.workspace(), copy.endpoint(), copy.model()));
    String body = SettingsJson.canonical(EndpointJson.body(found.path("config")));
    String uri = store.put(copy.workspace(), copy.key(), body);
    return new StoredEndpoint(
        state(api, found, copy.model()), new SettingsRef(uri, IdempotencyToken.sha256(body)));
  }

  @Override
  public DuplicatesRemoved removeEndpointTwins(EndpointCopies twins) {
    return store.settle(twins.workspace(), twins.key(), twins.uri());
  }

  @Override
  public EndpointChanged changeEndpoint(EndpointOrder given) {
    DatabricksApi api = clients.of(given.workspace());
    JsonNode found = read(api, given.endpoint()).orElse(null);
    EndpointOrder order = possible(given, found);
    EndpointConfig now =
        found == null ? EndpointConfig.NONE : EndpointJson.config(found.path("config"));
    EndpointConfig pending = found == null ? null : pending(found);
    if (found != null) {
      requireOurs(api, found, order.at());
      if (pending != null
          && pending.isLike(order.wanted())
          && EndpointJson.serves(EndpointWatch.pendingOr(found), order.added())) {
        return new EndpointChanged(Outcome.UNCHANGED, now);
      }
      if (!order.wanted().isNone()) {
        requireSettled(api, order.endpoint(), found);
      }
    }
    // An endpoint whose creation failed exists, and serves nothing.
    boolean isDeleted = found == null || !order.wanted().isNone();
    if (isDeleted
        && now.isLike(order.wanted())
        && (found == null || EndpointJson.serves(found.path("config"), order.added()))) {
      if (found != null && order.takesBackTo() != null) {
        EndpointTags.mark(api, order, found);
      }
      return new EndpointChanged(Outcome.UNCHANGED, now);
    }
    List<EndpointConfig> expected = order.found();
    EndpointConfig seen = pending == null ? now : pending;
    if (expected != null && expected.stream().noneMatch(seen::isLike)) {
      return new EndpointChanged(Outcome.FOUND_OTHER, now);
    }
    String failedBefore = found == null ? null : EndpointJson.failed(found);
    send(api, order, found, failedBefore);
    return new EndpointChanged(Outcome.SENT, now, failedBefore);
  }

  /**
   * The same without versions at 0 % that are nowhere any more: whoever removed one by hand left
   * nothing to take traffic from.
   */
  private EndpointOrder possible(EndpointOrder order, @Nullable JsonNode found) {
    JsonNode now = found == null ? MissingNode.getInstance() : found;
    List<Served> left =
        order.wanted().served().stream()
            .filter(one ->
                one.percent() > 0
                    || isAdded(order, one)
                    || EndpointJson.has(now.path("config"), one.name())
                    || EndpointJson.has(now.path("pending_config"), one.name())
                    || EndpointJson.has(stored(order), one.name()))
            .toList();
    return left.size() == order.wanted().served().size() || left.isEmpty()
        ? order
        : new EndpointOrder(
            order.at(),
            new EndpointConfig(left),
            order.added(),
            order.settings(),
            order.found(),
            order.holder(),
            order.grant(),
            order.takesBackTo());
  }

  private static boolean isAdded(EndpointOrder order, Served one) {
    NewVersion added = order.added();
    return added != null && added.name().equals(one.name());
  }

  private void send(
      DatabricksApi api,
      EndpointOrder order,
      @Nullable JsonNode found,
      @Nullable String failedBefore) {
    String path = path(order.endpoint());
    if (order.wanted().isNone()) {
      api.askOr(
          "delete endpoint " + order.endpoint(),
          () -> api.send("DELETE", path, JsonNodeFactory.instance.objectNode()),
          (answer, failure) ->
              DatabricksErrors.isNotThere(answer)
                  ? Optional.<JsonNode>of(MissingNode.getInstance())
                  : Optional.empty());
      return;
    }
    JsonNode config = found == null ? MissingNode.getInstance() : found.path("config");
    ObjectNode body = EndpointJson.body(order.wanted(), stored(order), config, order.added());
    if (body == null) {
      throw failure(
          api,
          FailureKind.USER,
          "make endpoint " + order.endpoint() + " serve " + order.wanted().text(),
          "the settings of one of these versions were not stored, and it is no longer on the endpoint",
          "Add that version to the endpoint by hand, then resume.");
    }
    if (found == null) {
      ObjectNode created = JsonNodeFactory.instance.objectNode();
      created.put("name", order.endpoint());
      created.set("config", body);
      EndpointTags.add(created.putArray("tags"), order, order.holder());
      api.askOr(
          "create endpoint " + order.endpoint(),
          () -> api.send("/api/2.0/serving-endpoints", created),
          (answer, failure) -> {
            if (answer.status() == 409
                || answer.isError("RESOURCE_ALREADY_EXISTS")
                || answer.isError("ALREADY_EXISTS")) {
              throw createdMeanwhile(api, order.endpoint());
            }
            return Optional.<JsonNode>empty();
          });
      return;
    }
    EndpointTags.mark(api, order, found);
    api.ask("update endpoint " + order.endpoint(), () -> api.send("PUT", path + "/config", body));
    untilShown(api, order, failedBefore);
  }

  /** An earlier attempt whose answer was lost created it, or somebody: the next attempt tells. */
  private static ApplicationFailure createdMeanwhile(DatabricksApi api, String endpoint) {
    return failure(
        api,
        FailureKind.PLATFORM,
        "create endpoint " + endpoint,
        "it was created meanwhile",
        "Portage retries, and checks whose it is.");
  }

  /**
   * An update may be visible only a moment later. Until then, whoever waits for it would take the
   * former state for its result.
   */
  private void untilShown(DatabricksApi api, EndpointOrder order, @Nullable String failedBefore) {
    for (int i = 0; i < LOOKS_AFTER_SENDING; i++) {
      JsonNode now = read(api, order.endpoint()).orElse(MissingNode.getInstance());
      String failed = EndpointJson.failed(now);
      JsonNode config = now.path("config");
      if (isUnderWay(now)
          || (failed != null && !failed.equals(failedBefore))
          || (EndpointJson.config(config).isLike(order.wanted())
              && EndpointJson.serves(config, order.added()))) {
        return;
      }
      waiting.sleep(Duration.ofSeconds(1));
    }
  }

  private @Nullable JsonNode stored(EndpointOrder order) {
    SettingsRef settings = order.settings();
    return settings == null
        ? null
        : EndpointJson.parse(store.get(order.workspace(), settings.uri()));
  }

  @Override
  public EndpointReady awaitEndpoint(EndpointWait wait) {
    return watch.await(clients.of(wait.workspace()), wait);
  }

  @Override
  public ProbeResult probe(ProbeOrder order) {
    return probes.send(clients.of(order.workspace()), order);
  }

  /** An endpoint as the API shows it; empty where there is none. */
  static Optional<JsonNode> read(DatabricksApi api, String endpoint) {
    return api.askOr(
        "read endpoint " + endpoint,
        () -> Optional.of(api.read(path(endpoint), Map.of())),
        (answer, failure) ->
            DatabricksErrors.isNotThere(answer)
                ? Optional.of(Optional.<JsonNode>empty())
                : Optional.empty());
  }

  private static boolean isUnderWay(JsonNode found) {
    return EndpointJson.state(found.path("state").path("config_update")).equals("IN_PROGRESS");
  }

  private static @Nullable EndpointConfig pending(JsonNode found) {
    if (!isUnderWay(found)) {
      return null;
    }
    // A new endpoint has only the configuration that it is being created with.
    return EndpointJson.config(EndpointWatch.pendingOr(found));
  }

  /** An endpoint takes one change at a time. */
  private static void requireSettled(DatabricksApi api, String endpoint, JsonNode found) {
    String update = EndpointJson.state(found.path("state").path("config_update"));
    if (List.of("NOT_UPDATING", "UPDATE_FAILED", "UPDATE_CANCELED").contains(update)) {
      return;
    }
    throw Failures.of(
        Problem.of(
            FailureKind.PLATFORM,
            "update endpoint " + endpoint,
            api.workspace().where(),
            update.equals("IN_PROGRESS")
                ? "another update of it is under way"
                : "whether an update is under way is not known: \"" + update + "\"",
            "Portage retries once it has ended."),
        UNDER_WAY);
  }

  private static void requireOurs(DatabricksApi api, JsonNode found, EndpointQuery query) {
    String endpoint = query.endpoint();
    String model = query.model();
    String owner = EndpointTags.all(found).get(Tags.MODEL);
    boolean elsewhere = JobTags.isElsewhere(EndpointTags.all(found), api.workspace().neighbours());
    if (CloudTag.value(model).equals(owner) && !elsewhere) {
      return;
    }
    throw failure(
        api,
        FailureKind.USER,
        "find endpoint " + endpoint + " of model " + model,
        owner == null
            ? "there is an endpoint " + endpoint + " already, which no promotion created"
            : "endpoint "
                + endpoint
                + " belongs to model "
                + owner
                + (elsewhere ? " in workspace " + EndpointTags.all(found).get(Tags.WORKSPACE) : ""),
        owner == null
            ? "If it serves this model: "
                + AdoptHint.command(
                    model, query.registered(), api.workspace().name(), "--endpoint", endpoint)
                + ". Otherwise give serve.endpoint another name."
            : "Give serve.endpoint another name.");
  }

  /** An endpoint in Portage's own terms. */
  static EndpointState state(DatabricksApi api, JsonNode found, String model) {
    String name = found.path("name").asText();
    return new EndpointState(
        name,
        EndpointJson.config(found.path("config")),
        pending(found),
        model,
        EndpointTags.promotion(found),
        URI.create(api.page("/ml/endpoints/" + name)),
        URI.create(api.page("/serving-endpoints/" + DatabricksApi.escaped(name) + "/invocations")),
        found.at("/state/ready").isTextual() ? found.at("/state/ready").asText() : null);
  }

  /** The path of an endpoint in the API. */
  static String path(String endpoint) {
    return "/api/2.0/serving-endpoints/" + DatabricksApi.escaped(endpoint);
  }

  static ApplicationFailure failure(
      DatabricksApi api, FailureKind kind, String tried, String cameBack, String remedy) {
    return Failures.of(Problem.of(kind, tried, api.workspace().where(), cameBack, remedy));
  }
}
