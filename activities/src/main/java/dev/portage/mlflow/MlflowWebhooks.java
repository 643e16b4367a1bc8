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
    List<Trigger> found = new ArrayList<>();
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
      page.path("webhooks").forEach(webhook -> add(webhook, found));
      token = page.path("next_page_token").asText();
    } while (!token.isEmpty() && tokens.add(token) && tokens.size() < MOST_PAGES);
    return new Triggers(found, null);
  }

  private static void add(JsonNode webhook, List<Trigger> found) {
    if (!webhook.path("status").asText("ACTIVE").equalsIgnoreCase("ACTIVE")) {
      return;
    }
    Event first = null;
    for (JsonNode event : webhook.path("events")) {
      Event meets = event(word(event, "entity") + "." + word(event, "action"));
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

  private static @Nullable Event event(String name) {
    return switch (name) {
      case "REGISTERED_MODEL.CREATED" -> Event.MODEL;
      case "MODEL_VERSION.CREATED", "MODEL_VERSION_TAG.SET" -> Event.VERSION;
      case "MODEL_VERSION_ALIAS.CREATED" -> Event.CHAMPION;
      default -> null;
    };
  }
}
