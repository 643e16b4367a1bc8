package dev.portage.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.http.HttpAnswer;
import dev.portage.registry.Marking;
import dev.portage.trigger.Trigger;
import dev.portage.trigger.Trigger.Event;
import dev.portage.trigger.Trigger.Kind;
import dev.portage.trigger.TriggerActivities;
import dev.portage.trigger.TriggerQuery;
import dev.portage.trigger.Triggers;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

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
    return triggers(server, query, webhooks, token.isEmpty());
  }

  private static Triggers triggers(
      MlflowServer server, TriggerQuery query, List<JsonNode> webhooks, boolean isAll) {
    List<JsonNode> active =
        webhooks.stream()
            .filter(webhook -> webhook.path("status").asText("ACTIVE").equalsIgnoreCase("ACTIVE"))
            .toList();
    List<String> notSeen = new ArrayList<>();
    if (!isAll) {
      notSeen.add("webhooks after the first " + webhooks.size() + " were not read");
    }
    boolean isNew =
        query.causes(Event.MODEL)
            && active.stream().anyMatch(webhook -> events(webhook).contains(Event.MODEL))
            && isNew(server, query.model(), notSeen);
    List<Trigger> found = new ArrayList<>();
    active.forEach(webhook ->
        events(webhook).stream()
            .filter(event -> meets(query, event, isNew))
            .map(event -> trigger(webhook, event))
            .forEach(found::add));
    return new Triggers(found, notSeen.isEmpty() ? null : String.join("; ", notSeen));
  }

  private static boolean meets(TriggerQuery query, Event event, boolean isNew) {
    return query.causes(event)
        && switch (event) {
          case MODEL -> isNew;
          case VERSION, TAG -> true;
          // Stages have no events.
          case CANDIDATE, CHAMPION -> query.marking() == Marking.ALIASES;
        };
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

  private static Trigger trigger(JsonNode webhook, Event event) {
    String name = webhook.path("name").asText();
    return new Trigger(
        Kind.WEBHOOK, webhook.path("webhook_id").asText(), name.isBlank() ? null : name, event);
  }

  private static String word(JsonNode event, String field) {
    return event.path(field).asText().toUpperCase(Locale.ROOT);
  }

  /** What of a promotion it waits for. */
  private static Set<Event> events(JsonNode webhook) {
    Set<Event> events = EnumSet.noneOf(Event.class);
    for (JsonNode event : webhook.path("events")) {
      switch (word(event, "entity") + "." + word(event, "action")) {
        case "REGISTERED_MODEL.CREATED" -> events.add(Event.MODEL);
        case "MODEL_VERSION.CREATED" -> events.add(Event.VERSION);
        case "MODEL_VERSION_TAG.SET" -> events.add(Event.TAG);
        // Whichever alias it is.
        case "MODEL_VERSION_ALIAS.CREATED" -> {
          events.add(Event.CANDIDATE);
          events.add(Event.CHAMPION);
        }
        default -> {}
      }
    }
    return events;
  }
}
