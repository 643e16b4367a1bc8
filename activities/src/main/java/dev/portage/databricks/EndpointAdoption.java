package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.adopt.AdoptEndpointActivities;
import dev.portage.adopt.AdoptEndpointOrder;
import dev.portage.adopt.AdoptedEndpoint;
import dev.portage.failure.FailureKind;
import dev.portage.live.SettingsRef;
import dev.portage.registry.Tags;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.Served;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Adopts endpoints that were created without Portage: tags them with the model, so that promotions
 * find and change them. Nothing but the tags changes.
 */
public final class EndpointAdoption implements AdoptEndpointActivities {

  private static final List<String> OURS = List.of(Tags.MODEL, Tags.WORKSPACE);

  private final DatabricksClients clients;
  private final UndoStore store;

  /**
   * Endpoints of these workspaces.
   *
   * @param store keeps what an endpoint served, for a rollback to restore
   */
  public EndpointAdoption(DatabricksClients clients, UndoStore store) {
    this.clients = clients;
    this.store = store;
  }

  @Override
  public AdoptedEndpoint findEndpointToAdopt(AdoptEndpointOrder order) {
    DatabricksApi api = clients.of(order.workspace());
    return adopted(api, order, find(api, order), null);
  }

  @Override
  public AdoptedEndpoint storeEndpointToAdopt(AdoptEndpointOrder order) {
    DatabricksApi api = clients.of(order.workspace());
    JsonNode found = find(api, order);
    String body = SettingsJson.canonical(EndpointJson.body(found.path("config")));
    return adopted(
        api,
        order,
        found,
        new SettingsRef(
            store.put(order.workspace(), order.key(), body), IdempotencyToken.sha256(body)));
  }

  @Override
  public AdoptedEndpoint tagEndpoint(AdoptEndpointOrder order) {
    DatabricksApi api = clients.of(order.workspace());
    JsonNode found = find(api, order);
    if (!isTagged(found, order)) {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      ArrayNode added = body.putArray("add_tags");
      added.addObject().put("key", Tags.MODEL).put("value", CloudTag.value(order.model()));
      added.addObject().put("key", Tags.WORKSPACE).put("value", CloudTag.value(order.workspace()));
      change(api, "tag endpoint " + order.endpoint(), order, body);
      found = find(api, order);
      if (!isTagged(found, order)) {
        throw ServingEndpoints.failure(
            api,
            FailureKind.PLATFORM,
            "tag endpoint " + order.endpoint(),
            "it does not show its new tags yet",
            "Portage retries.");
      }
    }
    return adopted(api, order, found, null);
  }

  @Override
  public void untagEndpoint(AdoptEndpointOrder order) {
    DatabricksApi api = clients.of(order.workspace());
    JsonNode found = ServingEndpoints.read(api, order.endpoint()).orElse(null);
    if (found == null) {
      return;
    }
    Map<String, String> tags = EndpointTags.all(found);
    // Once a promotion has changed it, it stays Portage's, whatever became of the adoption.
    if (!CloudTag.value(order.model()).equals(tags.get(Tags.MODEL))
        || tags.containsKey(Tags.PROMOTION)) {
      return;
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode deleted = body.putArray("delete_tags");
    OURS.stream().filter(tags::containsKey).forEach(deleted::add);
    change(api, "remove the tags of endpoint " + order.endpoint(), order, body);
  }

  private static void change(
      DatabricksApi api, String tried, AdoptEndpointOrder order, ObjectNode body) {
    api.ask(
        tried, () -> api.send("PATCH", ServingEndpoints.path(order.endpoint()) + "/tags", body));
  }

  /** The endpoint, if it may be adopted. */
  private static JsonNode find(DatabricksApi api, AdoptEndpointOrder order) {
    JsonNode found = ServingEndpoints.read(api, order.endpoint()).orElse(null);
    if (found == null) {
      throw refused(
          api,
          order,
          "there is no endpoint " + order.endpoint() + " that the login can see",
          "Correct --endpoint.");
    }
    requireNobodys(api, order, found);
    requireSettled(api, order, found);
    requireOfTheModel(api, order, found);
    if (OptimizedRoutes.are(found)) {
      throw refused(
          api,
          order,
          shown(order) + " can't be promoted to: " + OptimizedRoutes.TEXT,
          "Serve the model at an endpoint without route optimization, and adopt that one.");
    }
    if (!isTagged(found, order)) {
      requireManage(api, order, found);
    }
    return found;
  }

  /** The endpoint itself says what the login may do with it. */
  private static void requireManage(DatabricksApi api, AdoptEndpointOrder order, JsonNode found) {
    Guarded thing = Guarded.endpoint(found.path("id").asText(), order.endpoint());
    String may = found.path("permission_level").asText("");
    if (!may.isEmpty() && !may.equals(thing.level())) {
      throw refused(
          api,
          order,
          "the login has " + may + " on " + shown(order) + ", and needs " + thing.level(),
          "Run: " + api.grant(thing) + ".");
    }
  }

  private static void requireNobodys(DatabricksApi api, AdoptEndpointOrder order, JsonNode found) {
    Map<String, String> tags = EndpointTags.all(found);
    String owner = tags.get(Tags.MODEL);
    if (JobTags.isElsewhere(tags, api.workspace().neighbours())) {
      throw refused(
          api,
          order,
          shown(order) + " belongs to workspace " + tags.get(Tags.WORKSPACE),
          "Name that workspace: --workspace " + tags.get(Tags.WORKSPACE) + ".");
    }
    if (owner != null && !CloudTag.value(order.model()).equals(owner)) {
      throw refused(
          api,
          order,
          shown(order) + " belongs to model " + owner,
          "Name another endpoint; or, if it is this model's, remove its tag "
              + Tags.MODEL
              + " first.");
    }
  }

  private static void requireSettled(DatabricksApi api, AdoptEndpointOrder order, JsonNode found) {
    JsonNode state = found.path("state");
    String update = EndpointJson.state(state.path("config_update"));
    if (update.equals("IN_PROGRESS")) {
      throw refused(
          api,
          order,
          shown(order) + " is being updated",
          "Wait until the update has ended, then adopt it.");
    }
    String ready = EndpointJson.state(state.path("ready"));
    if (!ready.equals("READY")) {
      throw refused(
          api,
          order,
          shown(order) + " is not ready" + (ready.isEmpty() ? "" : ": " + ready),
          "Adopt it once it answers requests.");
    }
  }

  /** Refuses one that serves anything else than versions of this registered model. */
  private static void requireOfTheModel(
      DatabricksApi api, AdoptEndpointOrder order, JsonNode found) {
    Set<String> models = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (JsonNode entity : EndpointJson.entities(found.path("config"))) {
      String name = entity.path("name").asText();
      String other = notAVersion(entity);
      if (other != null) {
        throw refused(
            api,
            order,
            shown(order) + " serves " + other + " (" + name + "), not a version of a model",
            "Portage promotes versions of registered models.");
      }
    }
    EndpointConfig config = EndpointJson.config(found.path("config"));
    config.served().stream().map(Served::model).forEach(models::add);
    if (config.live().isNone()) {
      throw refused(
          api, order, shown(order) + " serves nothing", "Name the endpoint that serves the model.");
    }
    if (models.size() > 1) {
      throw refused(
          api,
          order,
          shown(order)
              + " serves several models: "
              + models.stream().collect(Collectors.joining(", ")),
          "Serve "
              + order.registered()
              + " at an endpoint of its own: a promotion states all that an endpoint serves.");
    }
    if (!models.contains(order.registered())) {
      throw refused(
          api,
          order,
          shown(order)
              + " serves model "
              + models.iterator().next()
              + ", not "
              + order.registered(),
          "Name the endpoint that serves this model, or the model that it serves.");
    }
  }

  /** What an entity is, if it is not a version of a model; null if it is. */
  private static @Nullable String notAVersion(JsonNode entity) {
    if (!entity.path("external_model").isMissingNode() && !entity.path("external_model").isNull()) {
      return "an external model";
    }
    if (!entity.path("foundation_model").isMissingNode()
        && !entity.path("foundation_model").isNull()) {
      return "a foundation model";
    }
    boolean hasVersion = entity.hasNonNull("entity_version") || entity.hasNonNull("model_version");
    return hasVersion ? null : "something without a version";
  }

  private static boolean isTagged(JsonNode found, AdoptEndpointOrder order) {
    Map<String, String> tags = EndpointTags.all(found);
    return CloudTag.value(order.model()).equals(tags.get(Tags.MODEL))
        && tags.containsKey(Tags.WORKSPACE);
  }

  private static String shown(AdoptEndpointOrder order) {
    return "endpoint " + order.endpoint();
  }

  private static AdoptedEndpoint adopted(
      DatabricksApi api, AdoptEndpointOrder order, JsonNode found, @Nullable SettingsRef settings) {
    return new AdoptedEndpoint(
        ServingEndpoints.state(api, found, order.model()), isTagged(found, order), settings);
  }

  private static ApplicationFailure refused(
      DatabricksApi api, AdoptEndpointOrder order, String what, String remedy) {
    return ServingEndpoints.failure(
        api,
        FailureKind.USER,
        "adopt endpoint " + order.endpoint(),
        what,
        remedy + " Nothing was changed.");
  }
}
