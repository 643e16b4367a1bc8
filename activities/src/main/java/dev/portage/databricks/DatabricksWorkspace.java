package dev.portage.databricks;

import dev.portage.compute.ComputeSettings;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.http.Credential;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A Databricks workspace as the platform file has it now.
 *
 * @param name its name in the platform file
 * @param host its address, such as {@code https://adb-1111111111111111.1.azuredatabricks.net}
 * @param credential signs each call
 * @param compute what tasks run on, by compute word; {@link ComputeSettings#DEFAULT} is always
 *     there
 * @param warehouse name of the SQL warehouse that tables are read by, null for any that is usable
 * @param neighbours names of the other workspaces of the platform file that may be this server, too
 * @param experiments pattern of names of experiments, null where none is known
 */
public record DatabricksWorkspace(
    String name,
    URI host,
    Credential credential,
    Map<String, ComputeSettings> compute,
    @Nullable String warehouse,
    Set<String> neighbours,
    @Nullable String experiments) {

  public DatabricksWorkspace {
    compute = Map.copyOf(compute);
    neighbours = Set.copyOf(neighbours);
  }

  /** One alone at its address. */
  public DatabricksWorkspace(
      String name,
      URI host,
      Credential credential,
      Map<String, ComputeSettings> compute,
      @Nullable String warehouse) {
    this(name, host, credential, compute, warehouse, Set.of(), null);
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

  /** Where its login is kept, in the words of the platform file. */
  public String login() {
    return credential.text();
  }

  /** What to do when the workspace refuses the login, as a sentence. */
  String renew() {
    String remedy = credential.remedy();
    return remedy != null
        ? remedy
        : "The token is wrong or expired: put a valid one at "
            + login()
            + ", for example from: databricks tokens create --comment portage --host "
            + host;
  }

  /** How messages name it. */
  public String where() {
    return "workspace " + name;
  }
}
