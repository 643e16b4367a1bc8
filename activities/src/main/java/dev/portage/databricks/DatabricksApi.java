package dev.portage.databricks;

import com.databricks.sdk.core.ApiClient;
import com.databricks.sdk.core.DatabricksException;
import com.databricks.sdk.core.http.Request;
import com.databricks.sdk.core.retry.NoRetryStrategyPicker;
import com.databricks.sdk.service.compute.ClusterPoliciesAPI;
import com.databricks.sdk.service.compute.ClustersAPI;
import com.databricks.sdk.service.compute.InstancePoolsAPI;
import com.databricks.sdk.service.jobs.JobsAPI;
import com.databricks.sdk.service.jobs.JobsService;
import com.databricks.sdk.service.sql.StatementExecutionAPI;
import com.databricks.sdk.service.sql.StatementExecutionService;
import com.databricks.sdk.service.sql.WarehousesAPI;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.http.Attempt;
import dev.portage.http.ErrorTable;
import dev.portage.http.HttpAnswer;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * One workspace, through the SDK's own services. They are built on a bare {@link ApiClient}: the
 * SDK's {@code WorkspaceClient} would read logins and hosts from the environment and from {@code
 * ~/.databrickscfg}, call the network while it is built, and keep the first token it saw.
 *
 * <p>Every call goes through {@link #ask}, which turns errors into failures that say what was
 * tried, where, and what to do.
 */
final class DatabricksApi {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final DatabricksWorkspaces workspaces;
  private final String name;
  private final SdkHttp http;
  private final ApiClient client;
  private final JobsService jobs;
  private final StatementExecutionService statements;

  DatabricksApi(DatabricksWorkspaces workspaces, String name, OkHttpClient rest) {
    this.workspaces = workspaces;
    this.name = name;
    this.http = new SdkHttp(rest, () -> workspace().credential());
    this.client =
        new ApiClient.Builder()
            .withHttpClient(http)
            .withRetryStrategyPicker(new NoRetryStrategyPicker())
            .withGetHostFunc(_ -> host())
            .withGetAuthTypeFunc(_ -> "pat")
            // Each request is signed where it is sent.
            .withAuthenticateFunc(_ -> Map.of())
            .build();
    this.jobs = new JobsAPI(client).impl();
    this.statements = new StatementExecutionAPI(client).impl();
  }

  /** The workspace as the platform file has it now. */
  DatabricksWorkspace workspace() {
    return workspaces.workspace(name);
  }

  private String host() {
    String host = workspace().host().toString();
    return host.endsWith("/") ? host.substring(0, host.length() - 1) : host;
  }

  /**
   * Where people see a thing of the workspace.
   *
   * @param path behind the host, such as "/jobs/17"
   */
  String page(String path) {
    return host() + path;
  }

  JobsService jobs() {
    return jobs;
  }

  StatementExecutionService statements() {
    return statements;
  }

  InstancePoolsAPI pools() {
    return new InstancePoolsAPI(client);
  }

  ClustersAPI clusters() {
    return new ClustersAPI(client);
  }

  ClusterPoliciesAPI policies() {
    return new ClusterPoliciesAPI(client);
  }

  WarehousesAPI warehouses() {
    return new WarehousesAPI(client);
  }

  /**
   * Calls the workspace.
   *
   * @param tried what for, such as "start notebooks/train.py"
   * @throws ApplicationFailure the error, with who must act and any {@code Retry-After}
   */
  <T> T ask(String tried, Supplier<T> call) {
    try {
      return call.get();
    } catch (CallFailed failed) {
      throw failure(tried, failed);
    } catch (DatabricksException unread) {
      throw unreadable(tried, unread);
    }
  }

  /** As {@link #ask}, for a call that answers nothing. */
  void call(String tried, Runnable call) {
    ask(
        tried,
        () -> {
          call.run();
          return name;
        });
  }

  /**
   * As {@link #ask}, where a refusal may be an answer.
   *
   * @param otherwise what a refusal means, given also the failure that it would be; empty for one
   *     that is a failure
   */
  <T> T askOr(
      String tried,
      Supplier<T> call,
      BiFunction<HttpAnswer, Supplier<ApplicationFailure>, Optional<T>> otherwise) {
    return ask(
        tried,
        () -> {
          try {
            return call.get();
          } catch (CallFailed failed) {
            HttpAnswer answer = failed.answer();
            Optional<T> meant =
                answer == null
                    ? Optional.empty()
                    : otherwise.apply(answer, () -> failure(tried, failed));
            if (meant.isPresent()) {
              return meant.get();
            }
            throw failed;
          }
        });
  }

  /**
   * Makes one call and gives the answer, good or bad, for those who look at a workspace.
   *
   * @param path with its query
   * @param body JSON, null for a call without
   * @throws ApplicationFailure when no answer came
   */
  HttpAnswer probe(String tried, String method, String path, @Nullable String body) {
    String url = host() + path;
    Request request = body == null ? new Request(method, url) : new Request(method, url, body);
    request.withHeader("Accept", "application/json");
    HttpAnswer answer = ask(tried, () -> goodOrBad(request));
    // An inspection's message shows the response, which might repeat the login.
    String shown = workspace().credential().hideIn(answer.body());
    return new HttpAnswer(answer.status(), answer.headers(), shown);
  }

  /** A text as it appears in a URL, in part of the path or the query. */
  static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * The bytes of a file.
   *
   * @param path of the call, with its query
   * @return empty for more than so many
   */
  Optional<byte[]> bytes(String tried, String path, long most) {
    Request request = new Request(Request.GET, host() + path);
    return ask(tried, () -> http.bytes(request, most));
  }

  /**
   * Reads a text that is no JSON, such as metrics; gives the answer, good or bad.
   *
   * @throws ApplicationFailure when no answer came
   */
  HttpAnswer text(String tried, String path) {
    Request request =
        new Request(Request.GET, host() + path).withHeader("Accept", "text/plain, */*");
    HttpAnswer answer = ask(tried, () -> goodOrBad(request));
    return new HttpAnswer(
        answer.status(), answer.headers(), workspace().credential().hideIn(answer.body()));
  }

  private HttpAnswer goodOrBad(Request request) {
    try {
      return http.ask(request);
    } catch (CallFailed failed) {
      HttpAnswer answer = failed.answer();
      if (answer == null) {
        throw failed;
      }
      return answer;
    }
  }

  /**
   * Reads JSON as it is, with the fields and words that the SDK does not know and would drop.
   *
   * @param query name and value of each parameter
   */
  JsonNode read(String path, Map<String, String> query) {
    Request request = new Request(Request.GET, path).withHeader("Accept", "application/json");
    query.forEach(request::withQueryParam);
    return answer(request);
  }

  /** Sends JSON as it is. */
  JsonNode send(String path, JsonNode body) {
    return send(Request.POST, path, body);
  }

  /** Sends JSON as it is, by this method. */
  JsonNode send(String method, String path, JsonNode body) {
    return answer(
        new Request(method, path, body.toString())
            .withHeader("Accept", "application/json")
            .withHeader("Content-Type", "application/json"));
  }

  /** What the SDK would send for this object, as JSON. */
  JsonNode json(Object sdkObject) {
    try {
      return JSON.readTree(client.serialize(sdkObject));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the SDK can't write its own " + sdkObject.getClass(), e);
    }
  }

  private JsonNode answer(Request request) {
    try (InputStream body = client.execute(request, InputStream.class)) {
      JsonNode json = JSON.readTree(body);
      return json == null ? MissingNode.getInstance() : json;
    } catch (IOException e) {
      throw new DatabricksException("not JSON", e);
    }
  }

  /** The failure that a response means, for one that was read as an answer. */
  ApplicationFailure failure(String tried, HttpAnswer answer) {
    return DatabricksErrors.of(workspace())
        .failure(
            new Attempt(tried, workspace().where()),
            answer.status(),
            answer.errorCode(),
            answer.message(),
            null);
  }

  /** The same of a call about one thing that not everyone may use. */
  ApplicationFailure failure(String tried, HttpAnswer answer, Guarded thing) {
    return (DatabricksErrors.isForbidden(answer)
            ? DatabricksErrors.of(workspace(), thing, me())
            : DatabricksErrors.of(workspace()))
        .failure(
            new Attempt(tried, workspace().where()),
            answer.status(),
            answer.errorCode(),
            answer.message(),
            null);
  }

  private ApplicationFailure failure(String tried, CallFailed failed) {
    DatabricksWorkspace workspace = workspace();
    Attempt attempt = new Attempt(tried, workspace.where());
    HttpAnswer answer = failed.answer();
    return answer != null
        ? table(workspace, failed.request(), answer).failure(attempt, failed.request(), answer)
        : DatabricksErrors.of(workspace).unreachable(attempt, failed.request(), failed.silence());
  }

  /** The answer to who may do what with a thing; a refusal to a login that may not manage it. */
  HttpAnswer permissionsOf(Guarded thing) {
    return probe(thing.question(), Request.GET, thing.path(), null);
  }

  /**
   * Refuses to continue if the login may not change an object, before anything changes. If a
   * workspace doesn't report permissions, this doesn't refuse.
   *
   * @throws ApplicationFailure the user's, with the command that grants the permission
   */
  void requireManage(Guarded thing) {
    HttpAnswer answer = permissionsOf(thing);
    if (DatabricksErrors.isForbidden(answer)) {
      throw DatabricksErrors.of(workspace(), thing, me())
          .failure(
              new Attempt(thing.question(), workspace().where()),
              answer.status(),
              answer.errorCode(),
              answer.message(),
              null);
    }
  }

  /** Command that gives the login the permission that Portage needs for a thing. */
  String grant(Guarded thing) {
    return thing.grant(me());
  }

  private ErrorTable table(
      DatabricksWorkspace workspace, okhttp3.Request request, HttpAnswer answer) {
    Optional<Guarded> thing =
        DatabricksErrors.isForbidden(answer) ? Guarded.of(request, answer) : Optional.empty();
    if (thing.isPresent()) {
      return DatabricksErrors.of(workspace, thing.get(), me());
    }
    return DatabricksErrors.isForbidden(answer) && Guarded.isNewEndpoint(request)
        ? DatabricksErrors.ofNewEndpoint(workspace, me())
        : DatabricksErrors.of(workspace);
  }

  /** Whom the login belongs to, as far as the workspace says. */
  private Me me() {
    try {
      return Me.of(probe("identify the login", Request.GET, Me.PATH, null));
    } catch (ApplicationFailure _) {
      return new Me(null, null);
    }
  }

  private ApplicationFailure unreadable(String tried, DatabricksException unread) {
    return Failures.of(
        Problem.of(
            FailureKind.PLATFORM,
            tried,
            "workspace " + name,
            "an answer that can't be read (" + unread.getClass().getSimpleName() + ")",
            "Portage retries; if it persists, check the host and any proxies in between."));
  }
}
