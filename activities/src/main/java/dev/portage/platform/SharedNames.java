package dev.portage.platform;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import dev.portage.settings.WorkspaceNames;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps apart what workspaces at one address are called in it: models, jobs, endpoints, tables and
 * experiments.
 */
final class SharedNames {

  private static final Map<String, String> SUCH_AS =
      Map.of(
          "models", "qa.ml.{model} and prod.ml.{model}",
          "jobs", "{job}-qa and {job}-prod",
          "endpoints", "{endpoint}-qa and {endpoint}-prod",
          "tables", "qa.ml.{table} and prod.ml.{table}",
          "experiments", "/Shared/qa/{model} and /Shared/prod/{model}");

  private final YamlDocument document;
  private final List<ValidationError> errors;

  SharedNames(YamlDocument document, List<ValidationError> errors) {
    this.document = document;
    this.errors = errors;
  }

  /**
   * What names are like where the file says nothing of them.
   *
   * @param name of the workspace
   * @param others the other workspaces at its address, as the file has them
   */
  record Defaults(String name, List<JsonNode> others) {

    String experiments() {
      return Workspace.EXPERIMENTS + (others.isEmpty() ? "" : "-" + name);
    }

    String jobs() {
      return "{job}" + (others.isEmpty() ? "" : "-" + name);
    }

    String endpoints() {
      return "{endpoint}" + (others.isEmpty() ? "" : "-" + name);
    }

    /** Beside its models, in a schema that the others don't use. */
    String tables(String models) {
      if (others.isEmpty()) {
        return "{table}";
      }
      String schema = schemaOf(models);
      boolean own =
          !schema.isEmpty()
              && others.stream()
                  .noneMatch(
                      other -> schema.equalsIgnoreCase(schemaOf(other.path("models").asText())));
      return schema + "{table}" + (own ? "" : "_" + name.replace('-', '_'));
    }

    private static String schemaOf(String models) {
      return WorkspaceReader.parts(models) == 3
          ? models.substring(0, models.lastIndexOf('.') + 1)
          : "";
    }
  }

  /** Those of a workspace, which depend on whether others are at its address. */
  Defaults defaults(String name, @Nullable URI host, @Nullable URI mlflow) {
    return new Defaults(name, others(name, host, mlflow));
  }

  private List<JsonNode> others(String name, @Nullable URI host, @Nullable URI mlflow) {
    List<JsonNode> others = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : document.root().path("workspaces").properties()) {
      if (!entry.getKey().equals(name)
          && Stream.of("host", "mlflow")
              .map(key -> entry.getValue().path(key).asText())
              .anyMatch(other -> isAt(other, host) || isAt(other, mlflow))) {
        others.add(entry.getValue());
      }
    }
    return others;
  }

  private static boolean isAt(String written, @Nullable URI address) {
    try {
      return address != null
          && !written.isEmpty()
          && ServerAddress.of(new URI(written)).equals(ServerAddress.of(address));
    } catch (URISyntaxException _) {
      return false;
    }
  }

  /** Two entries at one address are two workspaces only as long as none of their names meet. */
  void refuseMeeting(List<Workspace> workspaces) {
    for (int i = 0; i < workspaces.size(); i++) {
      Workspace workspace = workspaces.get(i);
      for (Workspace other : workspaces.subList(0, i)) {
        if (workspace.isAtAddressOf(other)) {
          workspace
              .names()
              .meets(other.names())
              .ifPresent(meeting -> report(workspace, other, meeting));
        }
      }
    }
  }

  private void report(Workspace workspace, Workspace other, WorkspaceNames.Meeting meeting) {
    String pointer = "/workspaces/" + workspace.name();
    boolean says = document.root().at(pointer).has(meeting.key());
    URI host = workspace.host();
    errors.add(
        document.error(
            says ? pointer + "/" + meeting.key() : pointer + (host == null ? "/mlflow" : "/host"),
            "workspaces "
                + other.name()
                + " and "
                + workspace.name()
                + " are the same: both are at "
                + (host == null ? workspace.mlflow() : host)
                + " and would use the "
                + meeting.text(),
            "a separate workspace, or "
                + meeting.key()
                + " of its own for each, such as "
                + SUCH_AS.get(meeting.key()),
            null));
  }
}
