package dev.portage.databricks;

import dev.portage.compute.ComputeSettings;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.secrets.Secret;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Databricks workspace as the platform file has it now.
 *
 * @param name its name in the platform file
 * @param host its address, such as {@code https://adb-1111111111111111.1.azuredatabricks.net}
 * @param login where its token is kept, in the words of the platform file, as {@code
 *     keyvault:ml/databricks-prod}; shown to people
 * @param token the current token; requested at each call, so that a renewed one applies at once
 * @param compute what tasks run on, by compute word; {@link ComputeSettings#DEFAULT} is always
 *     there
 * @param warehouse name of the SQL warehouse that tables are read by, null for any that is usable
 */
public record DatabricksWorkspace(
    String name,
    URI host,
    String login,
    Supplier<Secret> token,
    Map<String, ComputeSettings> compute,
    @Nullable String warehouse) {

  public DatabricksWorkspace {
    compute = Map.copyOf(compute);
  }

  /**
   * What a compute word means here.
   *
   * @param word null for the word of a step that names none
   * @throws ApplicationFailure the user's, when the platform file has lost the word since
   */
  public ComputeSettings compute(@Nullable String word) {
    ComputeSettings found = compute.get(word == null ? ComputeSettings.DEFAULT : word);
    if (found == null) {
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              "look up compute " + word,
              where(),
              "the platform file has no such compute word there; there is: "
                  + String.join(", ", new TreeSet<>(compute.keySet())),
              "Ask the platform team to restore it, or name another in promotion.yaml and commit."));
    }
    return found;
  }

  /** How messages name it. */
  public String where() {
    return "workspace " + name;
  }
}
