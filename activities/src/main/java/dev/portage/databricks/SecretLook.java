package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.compute.ClusterCompute;
import dev.portage.document.Nearest;
import dev.portage.failure.FailureKind;
import dev.portage.http.HttpAnswer;
import dev.portage.preflight.Finding;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whether the secrets are there that compute words refer to, and may be read. No secret is: the
 * list of a scope gives names, and takes the same permission as reading a value, which a cluster
 * does with the rights of whom the run runs as.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/secrets/listsecrets">secrets/list</a>
 */
final class SecretLook {
  private static final Pattern REFERENCE = Pattern.compile("\\{\\{secrets/([^/}]+)/([^/}]+)}}");

  private final DatabricksApi api;
  private final Me login;
  private final String file;

  /** What each scope's list answered, so that several words ask once. */
  private final Map<String, HttpAnswer> scopes = new HashMap<>();

  SecretLook(DatabricksApi api, Me login) {
    this(api, login, "the platform file");
  }

  /**
   * Looks for what a file refers to.
   *
   * @param file as messages name it
   */
  SecretLook(DatabricksApi api, Me login, String file) {
    this.api = api;
    this.login = login;
    this.file = file;
  }

  /** A secret in the workspace. */
  private record Reference(String scope, String key) implements Comparable<Reference> {
    @Override
    public int compareTo(Reference other) {
      int byScope = scope.compareTo(other.scope);
      return byScope == 0 ? key.compareTo(other.key) : byScope;
    }
  }

  /**
   * What is found of the secrets of one word; nothing where it refers to none.
   *
   * @param what how findings name the word's secrets
   */
  List<Finding> look(String what, ClusterCompute cluster) {
    return look(
        what,
        Stream.concat(cluster.spark().values().stream(), cluster.variables().values().stream())
            .toList());
  }

  /** The same of values that may refer to secrets. */
  List<Finding> look(String what, List<String> values) {
    TreeSet<Reference> references = new TreeSet<>();
    values.forEach(value -> {
      Matcher reference = REFERENCE.matcher(value);
      if (reference.matches()) {
        references.add(
            new Reference(String.valueOf(reference.group(1)), String.valueOf(reference.group(2))));
      }
    });
    List<Finding> lacks = new ArrayList<>();
    String refused = "";
    for (Reference reference : references) {
      HttpAnswer answer = scopes.computeIfAbsent(reference.scope(), this::list);
      if (answer.isSuccess()) {
        addIfMissing(what, reference, answer.json().path("secrets"), lacks);
      } else if (!refused.equals(reference.scope())) {
        refused = reference.scope();
        lacks.add(refused(what, reference.scope(), answer));
      }
    }
    if (references.isEmpty() || !lacks.isEmpty()) {
      return lacks;
    }
    List<String> names = references.stream().map(one -> one.scope() + "/" + one.key()).toList();
    return List.of(
        Finding.ok(where(), what, String.join(", ", names) + " can be read by " + login.name()));
  }

  private HttpAnswer list(String scope) {
    return api.probe(
        "list the names of secret scope " + scope,
        "GET",
        "/api/2.0/secrets/list?scope=" + DatabricksApi.escaped(scope),
        null);
  }

  private void addIfMissing(
      String what, Reference reference, JsonNode secrets, List<Finding> lacks) {
    TreeSet<String> keys = new TreeSet<>();
    secrets.forEach(secret -> keys.add(secret.path("key").asText()));
    if (keys.contains(reference.key())) {
      return;
    }
    String near = Nearest.question(reference.key(), keys);
    lacks.add(
        Finding.failed(
            where(),
            what,
            "secret scope "
                + reference.scope()
                + " has no secret "
                + reference.key()
                + (near == null ? "" : "; " + near),
            "Correct the reference in "
                + file
                + ", or add the secret: databricks secrets put-secret "
                + reference.scope()
                + " "
                + reference.key()));
  }

  private Finding refused(String what, String scope, HttpAnswer answer) {
    if (DatabricksErrors.isForbidden(answer)) {
      return Finding.failed(
          where(),
          what,
          login.name() + " may not read secret scope " + scope + ": " + RightProbes.said(answer),
          "Someone who manages the scope can grant the permission: databricks secrets put-acl "
              + scope
              + " "
              + (login.user() == null ? "<user>" : login.user())
              + " READ");
    }
    if (DatabricksErrors.isNotThere(answer)) {
      return Finding.failed(
          where(),
          what,
          "there is no secret scope " + scope,
          "Correct the reference in "
              + file
              + ", or create the scope: databricks secrets create-scope "
              + scope);
    }
    ApplicationFailure failure =
        RightProbes.failure(api, "list the names of secret scope " + scope, answer);
    if (failure.getType().equals(FailureKind.PLATFORM.type())) {
      throw failure;
    }
    return Finding.failed(where(), what, failure);
  }

  private String where() {
    return api.workspace().where();
  }
}
