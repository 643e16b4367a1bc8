package dev.portage.databricks;

import com.databricks.sdk.service.sql.EndpointInfo;
import com.databricks.sdk.service.sql.ListWarehousesRequest;
import com.databricks.sdk.service.sql.State;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The SQL warehouses of a workspace: resolves names to ids, and chooses one if none is named. */
final class Warehouses {
  private final DatabricksApi api;

  Warehouses(DatabricksApi api) {
    this.api = api;
  }

  /** The warehouses that the login may use. */
  List<EndpointInfo> all() {
    return api.ask(
        "list SQL warehouses",
        () ->
            StreamSupport.stream(
                    api.warehouses().list(new ListWarehousesRequest()).spliterator(), false)
                .filter(warehouse -> warehouse.getId() != null)
                .toList());
  }

  /** Id of the warehouse to use, as the platform file says. */
  String id() {
    List<EndpointInfo> warehouses = all();
    String wanted = api.workspace().warehouse();
    return chosen(warehouses, wanted)
        .map(EndpointInfo::getId)
        .orElseThrow(() ->
            Failures.of(
                Problem.of(
                    FailureKind.USER,
                    wanted == null ? "choose a SQL warehouse" : "use SQL warehouse " + wanted,
                    api.workspace().where(),
                    lack(warehouses, wanted),
                    "Name one of these as the workspace's warehouse, or create one: databricks warehouses create --name portage --cluster-size 2X-Small"
                        + " --enable-serverless-compute")));
  }

  /**
   * The warehouse of that name; without a name the first that is running, else the first that can
   * be started, by name, so that it is always the same one.
   */
  static Optional<EndpointInfo> chosen(List<EndpointInfo> warehouses, @Nullable String wanted) {
    return warehouses.stream()
        .filter(warehouse -> wanted == null || wanted.equals(warehouse.getName()))
        .filter(warehouse ->
            warehouse.getState() != State.DELETED && warehouse.getState() != State.DELETING)
        .min(
            Comparator.comparing((EndpointInfo warehouse) -> warehouse.getState() != State.RUNNING)
                .thenComparing(warehouse -> String.valueOf(warehouse.getName())));
  }

  /** What a message says when there is none to use. */
  static String lack(List<EndpointInfo> warehouses, @Nullable String wanted) {
    String there =
        warehouses.isEmpty()
            ? "none that the login may use"
            : warehouses.stream()
                .map(warehouse -> String.valueOf(warehouse.getName()))
                .sorted()
                .collect(Collectors.joining(", "));
    return wanted == null
        ? "there is no SQL warehouse that can be used"
        : "there is no SQL warehouse with that name; there is: " + there;
  }
}
