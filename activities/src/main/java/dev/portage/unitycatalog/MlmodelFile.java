package dev.portage.unitycatalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.MlflowServer;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * What a model says about itself in its file {@code MLmodel}, as far as Unity Catalog requires it
 * (MLflow's {@code store/_unity_catalog/registry/rest_store.py}).
 */
final class MlmodelFile {
  static final String NAME = "MLmodel";

  private static final int MOST_CHARACTERS = 16 * 1024 * 1024;
  private static final String FEATURE_STORE = "databricks.feature_store.mlflow_model";

  /** What a model may name below {@code resources}, and what Unity Catalog calls it. */
  private static final Map<String, String> DEPENDENCIES =
      Map.of(
          "vector_search_index", "DATABRICKS_VECTOR_INDEX",
          "serving_endpoint", "DATABRICKS_MODEL_ENDPOINT",
          "function", "DATABRICKS_UC_FUNCTION",
          "uc_connection", "DATABRICKS_UC_CONNECTION",
          "table", "DATABRICKS_TABLE",
          "uc_model_service", "DATABRICKS_UC_MODEL_SERVICE");

  private final JsonNode root;

  private MlmodelFile(JsonNode root) {
    this.root = root;
  }

  /**
   * Reads one.
   *
   * @throws io.temporal.failure.ApplicationFailure the user's, when it is no such file
   */
  static MlmodelFile read(MlflowServer server, String text) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MOST_CHARACTERS);
    ObjectMapper yaml = new ObjectMapper(YAMLFactory.builder().loaderOptions(options).build());
    try {
      JsonNode root = yaml.readTree(text);
      if (root.isObject()) {
        return new MlmodelFile(root);
      }
    } catch (JsonProcessingException _) {
      // Reported below; its own message would quote the file.
    }
    throw server.failure(
        FailureKind.USER,
        "read the model's file " + NAME,
        "it is not YAML as MLflow writes it",
        "Log the model again and promote that run.");
  }

  /**
   * Refuses a model that Unity Catalog would refuse after all its files were sent.
   *
   * @param model registered model, for the message
   * @throws io.temporal.failure.ApplicationFailure the user's, when it lacks something
   */
  void requireRegistrable(MlflowServer server, String model) {
    String tried = "register a version of " + model + " in Unity Catalog";
    JsonNode signature = root.path("signature");
    boolean inputs = isSaid(signature.path("inputs"));
    boolean outputs = isSaid(signature.path("outputs"));
    if (!inputs || !outputs) {
      throw server.failure(
          FailureKind.USER,
          tried,
          inputs
              ? "the model's signature has inputs only"
              : outputs ? "the model's signature has outputs only" : "the model has no signature",
          "Unity Catalog requires inputs and outputs: log the model with"
              + " signature=mlflow.models.infer_signature(inputs, model.predict(inputs)), or with an"
              + " input_example, and promote that run.");
    }
    if (root.at("/flavors/python_function/loader_module").asText().equals(FEATURE_STORE)) {
      throw server.failure(
          FailureKind.USER,
          tried,
          "the model was packaged by Databricks Feature Store",
          "Such a model can be registered on a Databricks cluster only.");
    }
  }

  private static boolean isSaid(JsonNode part) {
    return part.isContainerNode() ? !part.isEmpty() : !part.asText("").isBlank();
  }

  /** Puts what the model depends on into the list, as Unity Catalog shows it. */
  void dependencies(ArrayNode list) {
    JsonNode policy = root.path("auth_policy");
    JsonNode resources =
        policy.isObject()
            ? policy.at("/system_auth_policy/resources/databricks")
            : root.at("/resources/databricks");
    DEPENDENCIES.forEach((key, type) -> {
      for (JsonNode resource : resources.path(key)) {
        if (!resource.path("on_behalf_of_user").asBoolean() && resource.has("name")) {
          list.addObject().put("type", type).put("name", resource.path("name").asText());
        }
      }
    });
  }
}
