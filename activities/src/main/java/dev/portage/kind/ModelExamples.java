package dev.portage.kind;

import dev.portage.candidate.ModelLocation;
import dev.portage.databricks.ModelExample;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.serving.ExampleActivities;
import dev.portage.serving.Testable;
import dev.portage.store.ArtifactSource;
import dev.portage.store.tracking.ArtifactStores;
import io.temporal.failure.ApplicationFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What a model says of itself by which it can be tested: its signature, and the input example that
 * was logged with it.
 *
 * @see <a href="https://mlflow.org/docs/latest/ml/model/signatures">Signatures and input
 *     examples</a>
 */
final class ModelExamples implements ModelExample, ExampleActivities {
  private static final String MLMODEL = "MLmodel";

  /** An endpoint takes requests of 16 MiB, and a signature of some thousand columns is smaller. */
  private static final int MOST_BYTES = 16 * 1024 * 1024;

  private final MlflowServers servers;
  private final ArtifactStores stores;

  ModelExamples(MlflowServers servers, ArtifactStores stores) {
    this.servers = servers;
    this.stores = stores;
  }

  @Override
  public Testable testable(ModelLocation model) {
    Map<?, ?> said = mlmodel(model);
    Map<?, ?> signature = said.get("signature") instanceof Map<?, ?> map ? map : Map.of();
    return new Testable(
        !signature.isEmpty(),
        of(model, said).isPresent(),
        ModelOutputs.areNumbers(signature.get("outputs")));
  }

  @Override
  public Optional<String> of(ModelLocation model) {
    return of(model, mlmodel(model));
  }

  private Optional<String> of(ModelLocation model, Map<?, ?> said) {
    if (!(said.get("saved_input_example_info") instanceof Map<?, ?> info)) {
      return Optional.empty();
    }
    Optional<String> ready = file(model, info.get("serving_input_path"));
    if (ready.isPresent()) {
      return ready;
    }
    Optional<String> example = file(model, info.get("artifact_path"));
    return switch (String.valueOf(info.get("type"))) {
      case "dataframe" ->
          "split".equals(info.get("pandas_orient"))
              ? example.map(text -> "{\"dataframe_split\":" + text + "}")
              : "records".equals(info.get("pandas_orient"))
                  ? example.map(text -> "{\"dataframe_records\":" + text + "}")
                  : Optional.empty();
      // Its file is the body of a request.
      case "ndarray" -> example;
      default -> Optional.empty();
    };
  }

  private Map<?, ?> mlmodel(ModelLocation model) {
    String text = file(model, MLMODEL).orElse("");
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MOST_BYTES);
    try {
      return new Yaml(new SafeConstructor(options)).load(text) instanceof Map<?, ?> root
          ? root
          : Map.of();
    } catch (YAMLException _) {
      return Map.of();
    }
  }

  /** A file of the model; empty where it is missing, or longer than an endpoint takes. */
  private Optional<String> file(ModelLocation model, @Nullable Object path) {
    if (!(path instanceof String name) || name.isBlank()) {
      return Optional.empty();
    }
    MlflowServer server = servers.of(model.workspace());
    try {
      return stores.at(server, model.artifactUri()).read(name, ModelExamples::text);
    } catch (ApplicationFailure failure) {
      if (FailureKind.ofType(failure.getType()) == FailureKind.PLATFORM
          && !Integer.valueOf(404).equals(Failures.statusOf(failure))) {
        throw failure;
      }
      return Optional.empty();
    }
  }

  private static Optional<String> text(ArtifactSource.Stream stream) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[16 * 1024];
    for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
      if (bytes.size() + read > MOST_BYTES) {
        return Optional.empty();
      }
      bytes.write(buffer, 0, read);
    }
    return Optional.of(bytes.toString(StandardCharsets.UTF_8));
  }
}
