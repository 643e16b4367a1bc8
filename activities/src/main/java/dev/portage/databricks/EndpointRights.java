package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.portage.failure.FailureKind;
import dev.portage.http.HttpAnswer;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import dev.portage.registry.Tags;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether the login may serve models: change an existing endpoint, or create one. An endpoint tells
 * anyone who may see it what they may do with it. For creation the API has no such question, so a
 * request with an impossible name is sent, as with jobs: a login without the right gets 403, one
 * with it 400.
 *
 * @see <a href="https://docs.databricks.com/security/auth/access-control/#serving-endpoint-acls">
 *     Serving endpoint ACLs</a>
 */
final class EndpointRights {
  private static final String BASE = "/api/2.0/serving-endpoints";

  /** A name with a blank, which no endpoint can have. */
  private static final String IMPOSSIBLE = "portage preflight";

  private static final String CREATING = "make endpoints";

  /** How many endpoints the doctor checks, at most: someone waits for it. */
  private static final int MOST = 50;

  private final DatabricksApi api;
  private final Me login;
  private final ServedModelRights models;

  EndpointRights(DatabricksApi api, Me login) {
    this.api = api;
    this.login = login;
    this.models = new ServedModelRights(api, login);
  }

  /**
   * For a promotion: the endpoint that it serves from or creates, and the model.
   *
   * @param model its full name
   */
  List<Finding> of(String endpoint, String model) {
    HttpAnswer answer = read(endpoint);
    List<Finding> findings = new ArrayList<>();
    findings.add(DatabricksErrors.isNotThere(answer) ? creating() : finding(endpoint, answer));
    findings.addAll(models.look(endpoint, model, creator(answer)));
    return findings;
  }

  /** Who created it; empty if there is no endpoint, or it does not say. */
  private static String creator(HttpAnswer answer) {
    return answer.isSuccess() ? answer.json().path("creator").asText("") : "";
  }

  /** For the doctor: endpoints that promotions created, and whether one may be created. */
  List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    findings.add(noted(creating()));
    for (String endpoint : created()) {
      HttpAnswer answer = read(endpoint);
      if (!DatabricksErrors.isNotThere(answer)) {
        findings.add(finding(endpoint, answer));
        for (String model : served(answer)) {
          findings.addAll(models.look(endpoint, model, creator(answer)));
        }
      }
    }
    return findings;
  }

  private static Set<String> served(HttpAnswer answer) {
    Set<String> models = new TreeSet<>();
    if (answer.isSuccess()) {
      EndpointJson.config(answer.json().path("config"))
          .served()
          .forEach(served -> models.add(served.model()));
    }
    return models;
  }

  /** Only promotions that serve need the right, and the doctor can't know whether one will. */
  private static Finding noted(Finding found) {
    return found.verdict() == Verdict.LACK
        ? new Finding(
            found.where(),
            found.what(),
            Verdict.NOTE,
            found.text() + "; promotions with serve need it",
            found.remedy())
        : found;
  }

  private List<String> created() {
    JsonNode listed =
        api.askOr(
            "list endpoints",
            () -> api.read(BASE, Map.of()),
            (answer, failure) -> Optional.<JsonNode>of(JsonNodeFactory.instance.objectNode()));
    List<String> names = new ArrayList<>();
    for (JsonNode endpoint : listed.path("endpoints")) {
      Map<String, String> tags = EndpointTags.all(endpoint);
      if (names.size() < MOST
          && tags.containsKey(Tags.MODEL)
          && !JobTags.isElsewhere(tags, api.workspace().neighbours())) {
        names.add(endpoint.path("name").asText());
      }
    }
    return names;
  }

  private HttpAnswer read(String endpoint) {
    return api.probe(
        "read endpoint " + endpoint, "GET", BASE + "/" + DatabricksApi.escaped(endpoint), null);
  }

  private Finding finding(String endpoint, HttpAnswer answer) {
    String what = "endpoint " + endpoint;
    if (DatabricksErrors.isForbidden(answer)) {
      return lack(what, "may not see it: " + RightProbes.said(answer), Guarded.endpoint(endpoint));
    }
    if (!answer.isSuccess()) {
      return failed(what, answer);
    }
    JsonNode found = answer.json();
    String level = found.path("permission_level").asText("");
    if (!level.isEmpty() && !level.equals("CAN_MANAGE")) {
      return lack(
          what,
          "has only " + level + " for it, and can't change it",
          Guarded.endpoint(endpoint).withId(found.path("id").asText("")));
    }
    if (OptimizedRoutes.are(found)) {
      return Finding.failed(
          api.workspace().where(),
          what,
          OptimizedRoutes.TEXT,
          "Serve from another endpoint: serve.endpoint. Portage creates it without that.");
    }
    return Finding.ok(
        api.workspace().where(),
        what,
        level.isEmpty() ? "is there" : login.name() + " may change it");
  }

  private Finding lack(String what, String text, Guarded thing) {
    return Finding.failed(
        api.workspace().where(),
        what,
        login.name() + " " + text,
        "Someone who manages the endpoint can grant it: " + thing.grant(login));
  }

  private Finding creating() {
    HttpAnswer answer =
        api.probe(
            "check permission to create endpoints",
            "POST",
            BASE,
            "{\"name\":\"" + IMPOSSIBLE + "\",\"config\":{\"served_entities\":[]}}");
    String where = api.workspace().where();
    if (answer.isSuccess()) {
      api.probe(
          "delete the probing endpoint",
          "DELETE",
          BASE + "/" + DatabricksApi.escaped(IMPOSSIBLE),
          null);
      return new Finding(
          where,
          CREATING,
          Verdict.NOTE,
          "may "
              + CREATING
              + "; the workspace accepted a probe that it should have refused; it was removed",
          null);
    }
    if (DatabricksErrors.isForbidden(answer)) {
      return Finding.failed(
          where,
          CREATING,
          login.name() + " may not " + CREATING + ": " + RightProbes.said(answer),
          "For an admin of the workspace: " + login.grantEntitlements("workspace-access"));
    }
    return answer.status() == 400 && !answer.isError("FEATURE_DISABLED")
        ? Finding.ok(where, CREATING, login.name() + " may " + CREATING)
        : failed(CREATING, answer);
  }

  private Finding failed(String what, HttpAnswer answer) {
    ApplicationFailure failure =
        RightProbes.failure(api, "check the permission for " + what, answer);
    if (failure.getType().equals(FailureKind.PLATFORM.type())) {
      throw failure;
    }
    return Finding.failed(api.workspace().where(), what, failure);
  }
}
