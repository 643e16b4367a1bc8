package dev.portage.unitycatalog;

import dev.portage.failure.FailureKind;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import io.temporal.failure.ApplicationFailure;
import java.util.Map;
import java.util.Set;

/**
 * The schema of a registered model. Portage never creates one, and without it the first promotion
 * could register nothing.
 *
 * @param catalog its catalog
 * @param name its name in the catalog
 * @see <a href="https://docs.databricks.com/api/workspace/schemas/get">schemas/get</a>
 */
record CatalogSchema(String catalog, String name) {
  private static final String PATH = "api/2.1/unity-catalog/schemas/";

  private static final Set<String> ABSENT =
      Set.of("SCHEMA_DOES_NOT_EXIST", "CATALOG_DOES_NOT_EXIST");

  /**
   * That of a model.
   *
   * @param model full name: catalog, schema and model
   */
  static CatalogSchema of(String model) {
    String[] parts = model.split("\\.", -1);
    return new CatalogSchema(parts[0], parts[1]);
  }

  /**
   * Refuses to continue if the login sees no such schema. If a workspace doesn't say, this doesn't
   * refuse.
   *
   * @throws ApplicationFailure the user's, with the commands that create the schema or grant its
   *     use
   */
  void require(MlflowServer server) {
    String full = catalog + "." + name;
    String tried = "read schema " + full;
    HttpAnswer answer = server.askAt(tried, PATH + full, Map.of());
    if (isRefused(answer)) {
      throw server.failure(
          FailureKind.USER,
          tried,
          "the login sees no such schema: " + answer.message(),
          "Create it: databricks schemas create "
              + name
              + " "
              + catalog
              + "; or let the login use it: databricks grants update schema "
              + full
              + " --json '{\"changes\":[{\"principal\":\"<login>\","
              + "\"add\":[\"USE_SCHEMA\",\"CREATE_MODEL\"]}]}'");
    }
    if (answer.status() >= 500 || answer.status() == 429) {
      server.goodAt(tried, answer);
    }
  }

  private static boolean isRefused(HttpAnswer answer) {
    String code = answer.errorCode();
    return answer.isNotThere()
        || answer.status() == 403
        || (!answer.isSuccess() && code != null && ABSENT.contains(code));
  }
}
