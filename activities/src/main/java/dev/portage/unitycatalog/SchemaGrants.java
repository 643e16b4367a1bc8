package dev.portage.unitycatalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowInspection;
import dev.portage.mlflow.MlflowServer;
import dev.portage.preflight.Finding;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether a login may create models in a schema, as far as the catalog shows. A login also gets
 * grants through its groups, and a workspace may not know all of these: so a missing grant is only
 * a note, and if the catalog doesn't answer, there is no finding.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/grants/geteffective">effective
 *     permissions</a>
 */
final class SchemaGrants {
  private static final String ME = "api/2.0/preview/scim/v2/Me";
  private static final String SCHEMAS = "api/2.1/unity-catalog/schemas/";
  private static final String GRANTS = "api/2.1/unity-catalog/effective-permissions/schema/";
  private static final String EVERYBODY = "account users";
  private static final String ALL = "ALL_PRIVILEGES";
  private static final List<String> NEEDED = List.of("USE_SCHEMA", "CREATE_MODEL");
  private static final int MOST_PAGES = 20;

  private final MlflowServer server;
  private final String schema;

  private SchemaGrants(MlflowServer server, CatalogSchema schema) {
    this.server = server;
    this.schema = schema.catalog() + "." + schema.name();
  }

  /** How to query a registered model in Unity Catalog. */
  static final class Registered implements MlflowInspection.Registered {
    @Override
    public String describe(MlflowServer server, String model) {
      return CatalogModels.describe(server, model);
    }

    @Override
    public Optional<Finding> beforeItIsMade(String where, MlflowServer server, String model) {
      return new SchemaGrants(server, CatalogSchema.of(model)).note(where);
    }
  }

  /** What is missing; empty if nothing is, or if the catalog doesn't say. */
  private Optional<Finding> note(String where) {
    HttpAnswer me = server.askAt("identify the login", ME, Map.of());
    String user = me.isSuccess() ? me.json().path("userName").textValue() : null;
    if (user == null) {
      return Optional.empty();
    }
    Set<String> names = names(user, me.json());
    if (isOwner(names)) {
      return Optional.empty();
    }
    Set<String> granted = granted(names);
    if (granted == null || granted.contains(ALL)) {
      return Optional.empty();
    }
    List<String> missing = new ArrayList<>(NEEDED);
    missing.removeAll(granted);
    return missing.isEmpty() ? Optional.empty() : Optional.of(note(where, user, missing));
  }

  private Finding note(String where, String user, List<String> missing) {
    String words = String.join(", ", missing).replace('_', ' ');
    return new Finding(
        where,
        "create models in schema " + schema,
        Finding.Verdict.NOTE,
        "the catalog shows no grant of " + words + " to " + user + " or its groups",
        "GRANT " + words + " ON SCHEMA " + schema + " TO `" + user + "`");
  }

  private static Set<String> names(String user, JsonNode me) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.add(user);
    names.add(EVERYBODY);
    me.path("groups").forEach(group -> names.add(group.path("display").asText()));
    return names;
  }

  private boolean isOwner(Set<String> names) {
    HttpAnswer answer = server.askAt("read schema " + schema, SCHEMAS + schema, Map.of());
    return answer.isSuccess() && names.contains(answer.json().path("owner").asText());
  }

  /** Null if the catalog doesn't say. */
  private @Nullable Set<String> granted(Set<String> names) {
    Set<String> granted = new LinkedHashSet<>();
    String next = "";
    for (int page = 0; page < MOST_PAGES; page++) {
      HttpAnswer answer =
          server.askAt(
              "read the grants on schema " + schema,
              GRANTS + schema,
              next.isEmpty() ? Map.of() : Map.of("page_token", next));
      JsonNode assignments =
          answer.isSuccess() ? answer.json().path("privilege_assignments") : null;
      if (assignments == null || !assignments.isArray()) {
        return null;
      }
      for (JsonNode assignment : assignments) {
        if (names.contains(assignment.path("principal").asText())) {
          assignment
              .path("privileges")
              .forEach(one -> granted.add(one.path("privilege").asText().toUpperCase(Locale.ROOT)));
        }
      }
      next = answer.json().path("next_page_token").asText();
      if (next.isEmpty()) {
        return granted;
      }
    }
    return null;
  }
}
