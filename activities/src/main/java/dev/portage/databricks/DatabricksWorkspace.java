package dev.portage.databricks;

import dev.portage.secrets.Secret;
import java.net.URI;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Databricks workspace as the platform file has it now.
 *
 * @param name its name in the platform file
 * @param host its address, as {@code https://adb-1111111111111111.1.azuredatabricks.net}
 * @param login where its token is kept, in the words of the platform file, as {@code
 *     keyvault:ml/databricks-prod}; shown to people
 * @param token the token as it is now; asked for at each call, so that a renewed one counts at once
 * @param compute what notebooks run on
 * @param warehouse name of the SQL warehouse that tables are read by, null for any that is usable
 */
public record DatabricksWorkspace(
    String name,
    URI host,
    String login,
    Supplier<Secret> token,
    ComputeSettings compute,
    @Nullable String warehouse) {

  /** How messages name it. */
  public String where() {
    return "workspace " + name;
  }
}
