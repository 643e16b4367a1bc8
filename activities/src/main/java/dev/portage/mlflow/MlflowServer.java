package dev.portage.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.http.Attempt;
import dev.portage.http.Credential;
import dev.portage.http.ErrorTable;
import dev.portage.http.HttpAnswer;
import dev.portage.http.OutboundHttp;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * One MLflow server as one workspace sees it, over REST (<a
 * href="https://mlflow.org/docs/latest/rest-api.html">reference</a>). Sends each request once.
 */
public final class MlflowServer {
  private static final String API = "api/2.0/mlflow/";
  private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final OutboundHttp http;
  private final HttpUrl base;
  private final ServerLogin login;
  private final String workspace;
  private final MlflowPages pages;
  private final boolean hasFolders;

  /**
   * Describes a server without calling it.
   *
   * @param base address under which {@code /api/2.0/mlflow} is served
   * @param token requested for each call, so that a renewed one is used; null for a server without
   *     login
   * @param workspace name of the workspace, for messages and locations
   * @throws IllegalArgumentException when the base is no http or https address, or holds a login
   */
  public MlflowServer(
      OutboundHttp http,
      URI base,
      Supplier<@Nullable String> token,
      String workspace,
      MlflowPages pages) {
    this(http, base, ServerLogin.ofToken(token), workspace, pages, false);
  }

  /**
   * Describes a server without calling it.
   *
   * @param base address under which {@code /api/2.0/mlflow} is served
   * @param workspace name of the workspace, for messages and locations
   * @param hasFolders whether its experiments are in the folders of a Databricks workspace
   * @throws IllegalArgumentException when the base is no http or https address, or holds a login
   */
  public MlflowServer(
      OutboundHttp http,
      URI base,
      ServerLogin login,
      String workspace,
      MlflowPages pages,
      boolean hasFolders) {
    this.hasFolders = hasFolders;
    this.http = http;
    this.base = baseOf(base, workspace);
    this.login = login;
    this.workspace = workspace;
    this.pages = pages;
  }

  private static HttpUrl baseOf(URI base, String workspace) {
    HttpUrl url = HttpUrl.parse(base.toString());
    if (url == null || !url.username().isEmpty() || !url.password().isEmpty()) {
      throw new IllegalArgumentException(
          "the MLflow address of workspace "
              + workspace
              + " can't be used; allowed: http://host[:port][/path] or https, without a login");
    }
    HttpUrl.Builder plain = url.newBuilder().query(null).fragment(null);
    return url.encodedPath().endsWith("/") ? plain.build() : plain.addPathSegment("").build();
  }

  /** Its workspace. */
  public String workspace() {
    return workspace;
  }

  /** Where people see what is on it. */
  public MlflowPages pages() {
    return pages;
  }

  /** Its address, with a slash at the end. */
  public HttpUrl base() {
    return base;
  }

  /** The way by which it is reached. */
  public OutboundHttp http() {
    return http;
  }

  /** What its errors mean. */
  public ErrorTable errors() {
    return login.errors();
  }

  /** The folders that contain its experiments; empty if names are just names. */
  public Optional<ExperimentFolders> folders() {
    return hasFolders ? Optional.of(new ExperimentFolders(this)) : Optional.empty();
  }

  /** Its experiments. */
  public Experiments experiments() {
    return new Experiments(this);
  }

  /** Its runs. */
  public Runs runs() {
    return new Runs(this);
  }

  /** Its logged models, which exist from MLflow 3 on. */
  public LoggedModels loggedModels() {
    return new LoggedModels(this);
  }

  /** Its registered models. */
  public RegisteredModels registeredModels() {
    return new RegisteredModels(this);
  }

  /** An attempt at this server, for messages. */
  public Attempt attempt(String tried) {
    return new Attempt(tried, "workspace " + workspace);
  }

  /** A request to a path below its address, with its login; never to another host. */
  public Request.Builder request(HttpUrl url) {
    if (!url.host().equals(base.host())
        || url.port() != base.port()
        || url.isHttps() != base.isHttps()) {
      throw new IllegalArgumentException("not an address of workspace " + workspace);
    }
    Request.Builder request = new Request.Builder().url(url).header("User-Agent", "portage");
    Credential credential = login.credential().get();
    return credential == null ? request : credential.sign(request);
  }

  /** Whether user or password have letters that are not in ASCII. */
  boolean logsInBeyondAscii() {
    Credential credential = login.credential().get();
    String authorization = credential == null ? "" : credential.authorization();
    if (!authorization.startsWith("Basic ")) {
      return false;
    }
    for (byte letter : Base64.getDecoder().decode(authorization.substring("Basic ".length()))) {
      if (letter < 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * A 32-byte key that only the holder of this server's login can derive; a different one for each
   * purpose. It reveals nothing about the login.
   */
  public byte[] keyFor(String purpose) {
    Credential credential = login.credential().get();
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      // A server without login has no secret, and its things are open to everyone.
      String secret = credential == null ? "no login" : credential.lastingSecret();
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /** A failure of our own making at this server. */
  public ApplicationFailure failure(
      FailureKind kind, String tried, String cameBack, String remedy) {
    return Failures.of(Problem.of(kind, tried, "workspace " + workspace, cameBack, remedy));
  }

  /** An empty JSON object to fill. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** Calls the server, and fails unless the response is a success. */
  public JsonNode get(String tried, String path, Map<String, String> query) {
    return good(tried, path, ask(tried, path, query), query::get);
  }

  /** Calls the server; the response may be an error, for the caller to examine. */
  public HttpAnswer ask(String tried, String path, Map<String, String> query) {
    HttpUrl.Builder url = url(path).newBuilder();
    query.forEach(url::addQueryParameter);
    return http.ask(attempt(tried), errors(), request(url.build()).build());
  }

  /**
   * Posts what a repeat leaves as it is, such as a tag. MLflow looks for its row, then inserts it;
   * where two do so at once, its database refuses the second, which finds the row when it asks
   * again.
   *
   * @see <a
   *     href="https://github.com/mlflow/mlflow/blob/master/mlflow/store/model_registry/sqlalchemy_store.py">MLflow's
   *     store, set_model_version_tag</a>
   */
  JsonNode set(String tried, String path, ObjectNode body) {
    HttpAnswer answer = send(tried, "POST", path, body);
    if (!answer.isSuccess() && MlflowErrors.WRITTEN_AT_ONCE.matcher(answer.message()).find()) {
      answer = send(tried, "POST", path, body);
    }
    return good(tried, path, answer, Grant.fields(body));
  }

  /** Posts, and fails unless the answer is good. */
  public JsonNode post(String tried, String path, ObjectNode body) {
    return good(tried, path, send(tried, "POST", path, body), Grant.fields(body));
  }

  /**
   * Posts, and fails unless the answer is good.
   *
   * @return empty if the response is too long to be read, so that less must be requested
   */
  public Optional<JsonNode> postForLittle(String tried, String path, ObjectNode body) {
    return sendForLittle(tried, path, body)
        .map(answer -> good(tried, path, answer, Grant.fields(body)));
  }

  /** As {@link #postForLittle}; the answer may be an error, for the caller to look at. */
  Optional<HttpAnswer> sendForLittle(String tried, String path, ObjectNode body) {
    Request request = request(url(path)).post(RequestBody.create(body.toString(), JSON)).build();
    return http.askForLittle(attempt(tried), errors(), request);
  }

  /** Sends a body; the answer may be an error, for the caller to look at. */
  public HttpAnswer send(String tried, String method, String path, ObjectNode body) {
    return http.ask(
        attempt(tried),
        errors(),
        request(url(path)).method(method, RequestBody.create(body.toString(), JSON)).build());
  }

  private JsonNode good(
      String tried, String path, HttpAnswer answer, Function<String, @Nullable String> asked) {
    Optional<String> grant =
        answer.isSuccess() ? Optional.empty() : Grant.of(answer, path, asked, hasFolders);
    if (grant.isEmpty()) {
      return good(tried, path, answer);
    }
    ApplicationFailure failure =
        errors().failure(attempt(tried), request(url(path)).build(), answer);
    Problem problem = failure.getDetails().get(Problem.class);
    throw Failures.of(
        Problem.of(
            problem.kind(), problem.tried(), problem.where(), problem.cameBack(), grant.get()),
        null,
        answer.status());
  }

  /** The JSON of a successful response; anything else is a failure by the table. */
  public JsonNode good(String tried, String path, HttpAnswer answer) {
    if (!answer.isSuccess()) {
      throw errors().failure(attempt(tried), request(url(path)).build(), answer);
    }
    JsonNode json = answer.json();
    if (json.isObject()) {
      return json;
    }
    if (answer.body().isBlank()) {
      throw failure(
          FailureKind.PLATFORM, tried, "an empty response", "Portage retries; see its log.");
    }
    // A login page, for instance, comes with status 200.
    throw failure(
        FailureKind.USER,
        tried,
        "a response that is not JSON",
        "Is " + base + " the address of an MLflow server?");
  }

  /** Calls the surrounding workspace; the response may be an error. */
  public HttpAnswer askAt(String tried, String path, Map<String, String> query) {
    HttpUrl.Builder url = base.newBuilder().addPathSegments(path);
    query.forEach(url::addQueryParameter);
    return http.ask(attempt(tried), errors(), request(url.build()).build());
  }

  /** Posts to the workspace around it; the answer may be an error. */
  HttpAnswer sendAt(String tried, String path, ObjectNode body) {
    HttpUrl url = base.newBuilder().addPathSegments(path).build();
    return http.ask(
        attempt(tried),
        errors(),
        request(url).post(RequestBody.create(body.toString(), JSON)).build());
  }

  /** Fails unless the answer is good. */
  public void goodAt(String tried, HttpAnswer answer) {
    if (!answer.isSuccess()) {
      throw errors().failure(attempt(tried), request(base).build(), answer);
    }
  }

  private HttpUrl url(String path) {
    return base.newBuilder().addPathSegments(API + path).build();
  }
}
