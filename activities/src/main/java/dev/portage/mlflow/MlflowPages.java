package dev.portage.mlflow;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** URLs of pages that show a run or a version; null if there is no such page. */
public interface MlflowPages {

  /** The page of a run. */
  @Nullable URI run(String experimentId, String runId);

  /** The page of a version of a registered model. */
  @Nullable URI version(String model, String version);

  /** Pages of MLflow's own user interface, at this address. */
  static MlflowPages ofMlflow(URI ui) {
    String base = withoutSlash(ui) + "/#/";
    return new MlflowPages() {
      @Override
      public URI run(String experimentId, String runId) {
        return URI.create(base + "experiments/" + part(experimentId) + "/runs/" + part(runId));
      }

      @Override
      public URI version(String model, String version) {
        return URI.create(base + "models/" + part(model) + "/versions/" + part(version));
      }
    };
  }

  /** Pages of a Databricks workspace; a model name in three parts is one of Unity Catalog. */
  static MlflowPages ofDatabricks(URI host) {
    String base = withoutSlash(host);
    return new MlflowPages() {
      @Override
      public URI run(String experimentId, String runId) {
        return URI.create(base + "/ml/experiments/" + part(experimentId) + "/runs/" + part(runId));
      }

      @Override
      public URI version(String model, String version) {
        String[] names = model.split("\\.", -1);
        if (names.length == 3) {
          return URI.create(
              base
                  + "/explore/data/models/"
                  + part(names[0])
                  + "/"
                  + part(names[1])
                  + "/"
                  + part(names[2])
                  + "/version/"
                  + part(version));
        }
        return URI.create(base + "/ml/models/" + part(model) + "/versions/" + part(version));
      }
    };
  }

  /** No pages. */
  static MlflowPages none() {
    return new MlflowPages() {
      @Override
      public @Nullable URI run(String experimentId, String runId) {
        return null;
      }

      @Override
      public @Nullable URI version(String model, String version) {
        return null;
      }
    };
  }

  private static String withoutSlash(URI address) {
    return address.toString().replaceAll("/+$", "");
  }

  private static String part(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
