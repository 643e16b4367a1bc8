package dev.portage.databricks;

import dev.portage.databricks.CatalogRights.NotSeen;
import dev.portage.databricks.CatalogRights.Securable;
import dev.portage.databricks.CatalogRights.SecurableType;
import dev.portage.http.HttpAnswer;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import java.util.List;

/**
 * Whether a model of Unity Catalog may be served. An endpoint loads its models as whoever created
 * it, for as long as it exists; the workspace looks at that one's rights at each update, whoever
 * sends it. Of anybody else than the login, rights may be there that it isn't shown: what is
 * missing then is only a note.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/machine-learning/model-serving/create-manage-serving-endpoints#identity-and-access">Identity
 *     and access of endpoints</a>
 */
final class ServedModelRights {
  private final DatabricksApi api;
  private final Me login;

  ServedModelRights(DatabricksApi api, Me login) {
    this.api = api;
    this.login = login;
  }

  /**
   * What is missing, or can't be decided; empty where nothing is, and where nothing is known.
   *
   * @param creator who created the endpoint; empty for the login, or one that is still to be
   *     created
   */
  List<Finding> look(String endpoint, String model, String creator) {
    String[] parts = model.split("\\.", -1);
    // Whoever creates a model owns it.
    if (parts.length != 3 || !exists(model)) {
      return List.of();
    }
    boolean ours = creator.isEmpty() || creator.equalsIgnoreCase(login.user());
    String what = "model " + model + " for endpoint " + endpoint;
    CatalogRights rights =
        ours
            ? CatalogRights.ofLogin(api, what, ServedModelRights::purpose)
            : CatalogRights.ofPrincipal(api, what, ServedModelRights::purpose, creator);
    try {
      List<Finding> missing =
          rights.missing(
              List.of(
                  new Securable(SecurableType.CATALOG, parts[0], List.of("USE_CATALOG")),
                  new Securable(
                      SecurableType.SCHEMA, parts[0] + "." + parts[1], List.of("USE_SCHEMA")),
                  new Securable(SecurableType.FUNCTION, model, List.of("EXECUTE"))));
      return ours ? missing : missing.stream().map(ServedModelRights::ofCreator).toList();
    } catch (NotSeen _) {
      return List.of();
    }
  }

  private static String purpose(String right) {
    return ", which an endpoint needs to load it";
  }

  private static Finding ofCreator(Finding found) {
    return new Finding(
        found.where(),
        found.what(),
        Verdict.NOTE,
        found.text() + "; it loads models as whoever created it",
        found.remedy());
  }

  private boolean exists(String model) {
    HttpAnswer answer =
        api.probe(
            "read model " + model,
            "GET",
            "/api/2.1/unity-catalog/models/" + DatabricksApi.escaped(model),
            null);
    return answer.isSuccess();
  }
}
