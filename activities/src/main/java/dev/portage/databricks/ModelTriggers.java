package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.registry.Marking;
import dev.portage.registry.ModelName;
import dev.portage.trigger.Trigger;
import dev.portage.trigger.Trigger.Event;
import dev.portage.trigger.Trigger.Kind;
import dev.portage.trigger.TriggerActivities;
import dev.portage.trigger.TriggerQuery;
import dev.portage.trigger.Triggers;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What Databricks starts when a model changes. In Unity Catalog: jobs whose trigger watches the
 * model, its schema or the whole metastore, and the model's deployment job. In the workspace's own
 * registry: its webhooks.
 *
 * @see <a href="https://docs.databricks.com/aws/en/jobs/model-update-triggers">Model update
 *     triggers</a>
 * @see <a href="https://docs.databricks.com/aws/en/mlflow/deployment-job">Deployment jobs</a>
 * @see <a href="https://docs.databricks.com/mlflow/model-registry-webhooks.html">Webhooks</a>
 */
public final class ModelTriggers implements TriggerActivities {
  private static final String MODEL = "/api/2.0/mlflow/unity-catalog/registered-models/get?name=";
  private static final String OWN_MODEL = "/api/2.0/mlflow/registered-models/get?name=";
  private static final String WEBHOOKS = "/api/2.0/mlflow/registry-webhooks/list?max_results=100";

  /** Jobs are searched for among the newest 5,000. */
  private static final int MOST_PAGES = 50;

  private static final int MOST_WEBHOOKS = 1_000;

  /** States of a connection in which a new version starts nothing. */
  private static final Set<String> NOT_CONNECTED = Set.of("NOT_SET_UP", "NOT_FOUND");

  private final DatabricksClients clients;

  /** Triggers in these workspaces. */
  public ModelTriggers(DatabricksClients clients) {
    this.clients = clients;
  }

  @Override
  public Triggers findTriggers(TriggerQuery query) {
    Look look = new Look(clients.of(query.workspace()), query);
    if (ModelName.isOfUnityCatalog(query.model())) {
      look.atJobs();
    } else {
      look.atWebhooks();
    }
    return new Triggers(
        look.found, look.notSeen.isEmpty() ? null : String.join("; ", look.notSeen));
  }

  /** One look at a workspace. */
  private static final class Look {
    private final DatabricksApi api;
    private final TriggerQuery query;
    private final List<Trigger> found = new ArrayList<>();
    private final List<String> notSeen = new ArrayList<>();
    private @Nullable Boolean isNewHere;

    Look(DatabricksApi api, TriggerQuery query) {
      this.api = api;
      this.query = query;
    }

    void atJobs() {
      List<StoredJobs.Listed> jobs =
          new StoredJobs(api)
              .newest(
                  "find jobs that start with " + query.model(),
                  MOST_PAGES,
                  () -> notSeen.add("jobs older than the newest 5,000 were not read"));
      boolean isNew = atDeploymentJob(jobs);
      for (StoredJobs.Listed job : jobs) {
        if (job.runsByItself()) {
          events(job.trigger().path("model"), isNew)
              .forEach(
                  event -> add(new Trigger(Kind.JOB, Long.toString(job.id()), job.name(), event)));
        }
      }
    }

    private void add(Trigger trigger) {
      if (query.causes(trigger.event())) {
        found.add(trigger);
      }
    }

    /** The deployment job that the model names. Returns whether there is no such model yet. */
    private boolean atDeploymentJob(List<StoredJobs.Listed> jobs) {
      String tried = "read registered model " + query.model();
      HttpAnswer answer =
          api.probe(tried, "GET", MODEL + DatabricksApi.escaped(query.model()), null);
      if (!answer.isSuccess()) {
        boolean absent =
            DatabricksErrors.isNotThere(answer)
                || answer.isError("ROUTINE_OR_MODEL_DOES_NOT_EXIST");
        if (!absent) {
          notSeen(tried, answer);
        }
        return absent;
      }
      JsonNode model = answer.json().path("registered_model");
      String id = model.path("deployment_job_id").asText();
      if (!id.isEmpty()
          && !id.equals("0")
          && !NOT_CONNECTED.contains(model.path("deployment_job_state").asText())) {
        String name =
            jobs.stream()
                .filter(job -> Long.toString(job.id()).equals(id))
                .map(StoredJobs.Listed::name)
                .findFirst()
                .orElse(null);
        add(new Trigger(Kind.DEPLOYMENT_JOB, id, name, Event.VERSION));
      }
      return false;
    }

    /** What of a promotion meets a trigger's condition. */
    private List<Event> events(JsonNode trigger, boolean isNew) {
      if (!trigger.isObject() || !watches(trigger.path("securable_name").asText())) {
        return List.of();
      }
      return switch (trigger.path("condition").asText()) {
        case "MODEL_CREATED" -> isNew ? List.of(Event.MODEL) : List.of();
        case "MODEL_VERSION_READY" -> List.of(Event.VERSION);
        case "MODEL_ALIAS_SET" ->
            Stream.of(Event.CANDIDATE, Event.CHAMPION)
                .filter(event -> names(trigger.path("aliases"), event))
                .toList();
        // An unknown condition is reported with the first change that every promotion makes
        // there, so that the later look, for the champion's move alone, doesn't report it again.
        default -> List.of(query.causes(Event.VERSION) ? Event.VERSION : Event.TAG);
      };
    }

    /** Whether it is the model, its schema, or without a name the whole metastore. */
    private boolean watches(String securable) {
      String watched = securable.toLowerCase(Locale.ROOT);
      String model = query.model().toLowerCase(Locale.ROOT);
      return watched.isEmpty() || model.equals(watched) || model.startsWith(watched + ".");
    }

    private boolean names(JsonNode aliases, Event event) {
      Marking marking = query.marking();
      String set = event == Event.CANDIDATE ? marking.candidate() : marking.live();
      boolean any = aliases.isEmpty();
      for (JsonNode alias : aliases) {
        any |= alias.asText().equalsIgnoreCase(set);
      }
      return any;
    }

    void atWebhooks() {
      String tried = "list webhooks of " + query.model();
      String token = "";
      Set<String> tokens = new LinkedHashSet<>();
      int seen = 0;
      do {
        HttpAnswer answer =
            api.probe(
                tried,
                "GET",
                WEBHOOKS + (token.isEmpty() ? "" : "&page_token=" + DatabricksApi.escaped(token)),
                null);
        if (!answer.isSuccess()) {
          // A workspace whose registry is another has no such call.
          if (answer.status() != 404 && !answer.isError("FEATURE_DISABLED")) {
            notSeen(tried, answer);
          }
          return;
        }
        for (JsonNode webhook : answer.json().path("webhooks")) {
          seen++;
          atWebhook(webhook);
        }
        token = answer.json().path("next_page_token").asText();
      } while (!token.isEmpty() && tokens.add(token) && seen < MOST_WEBHOOKS);
      if (!token.isEmpty()) {
        notSeen.add("webhooks after the first " + seen + " were not read");
      }
    }

    /** Whether the workspace's own registry has no such model yet; read once, where it matters. */
    private boolean isNewHere() {
      Boolean known = isNewHere;
      if (known == null) {
        String tried = "read registered model " + query.model();
        HttpAnswer answer =
            api.probe(tried, "GET", OWN_MODEL + DatabricksApi.escaped(query.model()), null);
        known = !answer.isSuccess() && DatabricksErrors.isNotThere(answer);
        if (!known && !answer.isSuccess()) {
          notSeen(tried, answer);
        }
        isNewHere = known;
      }
      return known;
    }

    private void atWebhook(JsonNode webhook) {
      String model = webhook.path("model_name").asText();
      if (!(model.isEmpty() || model.equals(query.model()))
          || !webhook.path("status").asText("ACTIVE").equals("ACTIVE")) {
        return;
      }
      Set<Event> events = EnumSet.noneOf(Event.class);
      for (JsonNode one : webhook.path("events")) {
        events.addAll(events(one.asText()));
      }
      if (events.contains(Event.MODEL) && !(query.causes(Event.MODEL) && isNewHere())) {
        events.remove(Event.MODEL);
      }
      String job = webhook.path("job_spec").path("job_id").asText();
      String description = webhook.path("description").asText();
      String name = description.isBlank() ? job.isEmpty() ? null : "job " + job : description;
      events.forEach(
          event -> add(new Trigger(Kind.WEBHOOK, webhook.path("id").asText(), name, event)));
    }

    private static Set<Event> events(String name) {
      return switch (name) {
        case "REGISTERED_MODEL_CREATED" -> EnumSet.of(Event.MODEL);
        case "MODEL_VERSION_CREATED" -> EnumSet.of(Event.VERSION);
        case "MODEL_VERSION_TAG_SET" -> EnumSet.of(Event.TAG);
        case "MODEL_VERSION_TRANSITIONED_STAGE" -> EnumSet.of(Event.CANDIDATE, Event.CHAMPION);
        case "MODEL_VERSION_TRANSITIONED_TO_STAGING" -> EnumSet.of(Event.CANDIDATE);
        case "MODEL_VERSION_TRANSITIONED_TO_PRODUCTION", "MODEL_VERSION_TRANSITIONED_TO_ARCHIVED" ->
            EnumSet.of(Event.CHAMPION);
        // Requests and comments are people's alone.
        default -> EnumSet.noneOf(Event.class);
      };
    }

    private void notSeen(String tried, HttpAnswer answer) {
      if (!DatabricksErrors.isForbidden(answer)) {
        throw DatabricksErrors.of(api.workspace())
            .failure(
                new Attempt(tried, api.workspace().where()),
                answer.status(),
                answer.errorCode(),
                answer.message(),
                null);
      }
      notSeen.add(tried + ": " + answer.status() + " " + answer.message().strip());
    }
  }
}
