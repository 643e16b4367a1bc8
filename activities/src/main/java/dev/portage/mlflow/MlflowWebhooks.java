package dev.portage.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.http.HttpAnswer;
import dev.portage.trigger.Trigger;
import dev.portage.trigger.Trigger.Event;
import dev.portage.trigger.Trigger.Kind;
import dev.portage.trigger.TriggerActivities;
import dev.portage.trigger.TriggerQuery;
import dev.portage.trigger.Triggers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Webhooks of an MLflow server. They are of the whole registry: each model's events reach all of
 * them.
 *
 * @see <a href="https://mlflow.org/docs/latest/ml/webhooks/">MLflow webhooks</a>
 */
public final class MlflowWebhooks implements TriggerActivities {
  private static final String PATH = "webhooks";
  private static final String MODEL = "registered-models/get";
  private static final int MOST_PAGES = 20;

  private final MlflowServers servers;

  /** Webhooks of these servers. */
  public MlflowWebhooks(MlflowServers servers) {
    this.servers = servers;
  }

  @Override
  public Triggers findTriggers(TriggerQuery query) {
    MlflowServer server = servers.of(query.workspace());
    String tried = "list the webhooks of the registry";
    List<JsonNode> webhooks = new ArrayList<>();
    Set<String> tokens = new HashSet<>();
    String token = "";
    do {
      HttpAnswer answer =
          server.ask(
              tried,
              PATH,
              token.isEmpty()
                  ? Map.of("max_results", "100")
                  : Map.of("max_results", "100", "page_token", token));
      if (answer.status() == 404 || answer.status() == 501) {
        // Older servers have none, nor have those that keep the registry in files.
        return Triggers.none();
      }
      if (answer.status() == 403) {
        return new Triggers(List.of(), tried + ": 403 " + answer.message().strip());
      }
      JsonNode page = server.good(tried, PATH, answer);
      page.path("webhooks").forEach(webhooks::add);
      token = page.path("next_page_token").asText();
    } while (!token.isEmpty() && tokens.add(token) && tokens.size() < MOST_PAGES);
    return triggers(server, query.model(), webhooks, token.isEmpty());
  }

  private static Triggers triggers(
      MlflowServer server, String model, List<JsonNode> webhooks, boolean isAll) {
    List<JsonNode> active =
        webhooks.stream()
            .filter(webhook -> webhook.path("status").asText("ACTIVE").equalsIgnoreCase("ACTIVE"))
            .toList();
    List<String> notSeen = new ArrayList<>();
    if (!isAll) {
      notSeen.add("webhooks after the first " + webhooks.size() + " were not read");
    }
    boolean isNew =
        active.stream().anyMatch(MlflowWebhooks::waitsForAModel) && isNew(server, model, notSeen);
    List<Trigger> found = new ArrayList<>();
    active.forEach(webhook -> add(webhook, isNew, found));
    return new Triggers(found, notSeen.isEmpty() ? null : String.join("; ", notSeen));
  }

  private static boolean waitsForAModel(JsonNode webhook) {
    for (JsonNode event : webhook.path("events")) {
      if (event(event) == Event.MODEL) {
        return true;
      }
    }
    return false;
  }

  /** Whether the registry has no such model yet, so that a promotion creates it. */
  private static boolean isNew(MlflowServer server, String model, List<String> notSeen) {
    String tried = "read registered model " + model;
    HttpAnswer answer = server.ask(tried, MODEL, Map.of("name", model));
    if (answer.isError(MlflowErrors.ABSENT)) {
      return true;
    }
    if (answer.status() == 403) {
      notSeen.add(tried + ": 403 " + answer.message().strip());
    } else {
      server.good(tried, MODEL, answer);
    }
    return false;
  }

  private static void add(JsonNode webhook, boolean isNew, List<Trigger> found) {
    Event first = null;
    for (JsonNode event : webhook.path("events")) {
      Event meets = event(event);
      if (meets == Event.MODEL && !isNew) {
        continue;
      }
      if (meets != null && (first == null || meets == Event.CHAMPION)) {
        first = meets;
      }
    }
    if (first != null) {
      String name = webhook.path("name").asText();
      found.add(
          new Trigger(
              Kind.WEBHOOK,
              webhook.path("webhook_id").asText(),
              name.isBlank() ? null : name,
              first));
    }
  }

  private static String word(JsonNode event, String field) {
    return event.path(field).asText().toUpperCase(Locale.ROOT);
  }

  private static @Nullable Event event(JsonNode event) {
    return switch (word(event, "entity") + "." + word(event, "action")) {
      case "REGISTERED_MODEL.CREATED" -> Event.MODEL;
      case "MODEL_VERSION.CREATED", "MODEL_VERSION_TAG.SET" -> Event.VERSION;
      case "MODEL_VERSION_ALIAS.CREATED" -> Event.CHAMPION;
      default -> null;
    };
  }
}
