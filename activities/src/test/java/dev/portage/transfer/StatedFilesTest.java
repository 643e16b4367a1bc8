package dev.portage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What MLmodel says about a model's files, for models logged by MLflow 2.22.5 and 3.17.2. */
class StatedFilesTest {

  static Stream<String> models() {
    return Stream.of("2", "3")
        .flatMap(release ->
            Stream.of(
                    "from-code",
                    "loader-module",
                    "python-model",
                    "sklearn-plain",
                    "sklearn-with-everything")
                .map(model -> "mlflow-" + release + "-" + model));
  }

  @ParameterizedTest
  @MethodSource("models")
  void aModelAsMlflowLogsItIsComplete(String model) {
    assertThat(stated(model).lack(sizes(model))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("models")
  void aModelWithAddedFilesIsComplete(String model) {
    Map<String, @Nullable Long> sizes = sizes(model);
    sizes.put("README.md", 4711L);
    sizes.put("metadata/MLmodel", 1000L);
    sizes.put("environment_variables.txt", 80L);

    assertThat(stated(model).lack(sizes)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("models")
  void eachNamedFileMustExist(String model) {
    for (String path : sizes(model).keySet()) {
      Map<String, @Nullable Long> sizes = sizes(model);
      sizes.remove(path);
      boolean isToldOf =
          !path.startsWith("code/")
              && !List.of("MLmodel", "requirements.txt", "constraints.txt").contains(path);
      assertThat(stated(model).lack(sizes).isEmpty()).as(path).isEqualTo(!isToldOf);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aNamedFolderMustExist(String model) {
    Map<String, @Nullable Long> sizes = sizes(model);
    if (sizes.keySet().removeIf(path -> path.startsWith("code/"))
        && !model.endsWith("loader-module")
        && !model.endsWith("python-model")) {
      assertThat(stated(model).lack(sizes)).contains("code");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlflow-2-sklearn-plain", "mlflow-3-sklearn-plain"})
  void aTruncatedFileIsDetected(String model) {
    Map<String, @Nullable Long> sizes = sizes(model);
    for (String path : List.copyOf(sizes.keySet())) {
      Long size = sizes.get(path);
      if (size != null && path.startsWith("model.")) {
        sizes.put(path, size - 1);
      }
    }

    assertThat(stated(model).lack(sizes)).contains("don't add up");
  }

  @Test
  void aMissingUnnamedFileShowsInTheSizes() {
    String text = "model_size_bytes: 1000\nflavors:\n  python_function:\n    data: data\n";
    Map<String, @Nullable Long> sizes = new HashMap<>();
    sizes.put("MLmodel", 90L);
    sizes.put("data/part-0", 600L);
    sizes.put("requirements.txt", 300L);
    assertThat(StatedFiles.in(text).lack(sizes)).contains("don't add up");

    sizes.put("data/part-1", 400L);
    assertThat(StatedFiles.in(text).lack(sizes)).isEmpty();
    sizes.put("data/part-1", null);
    assertThat(StatedFiles.in(text).lack(sizes)).as("a store that says no sizes").isEmpty();
  }

  @Test
  void filesThatAreRightlyAbsentAreNotRequired() {
    String text =
        """
        flavors:
          python_function:
            code: null
            data: ''
            env: {conda: conda.yaml, virtualenv: python_env.yaml}
            loader_module: mlflow.transformers
            config: {data: s3://elsewhere/x, model_path: nowhere}
          transformers:
            code: ''
            source_model_name: google/flan-t5
            source_model_revision: abc
            components: [tokenizer]
            local_base_model_path: /mnt/models/flan
          a_flavor_of_our_own:
            data: churn
            model_path: none
          spark:
            model_data: dbfs:/elsewhere/sparkml
        saved_input_example_info: null
        """;
    assertThat(StatedFiles.in(text).lack(known("conda.yaml", 1L, "python_env.yaml", 2L))).isEmpty();
  }

  @Test
  void namesInOtherNotationsAreUnderstood() {
    String text =
        """
        flavors:
          python_function:
            env: conda.yaml
            data: data\\\\model
            model_code_path: C:\\Users\\ana\\agent.py
            artifacts: {words: {path: 'artifacts\\words.txt', uri: x}}
          pytorch:
            model_data: ./data/
            extra_files: [{path: extra_files/a.txt}]
        """;
    Map<String, @Nullable Long> sizes =
        new HashMap<>(
            Map.of(
                "conda.yaml", 1L,
                "data/model/model.pth", 1L,
                "agent.py", 1L,
                "artifacts/words.txt", 1L,
                "extra_files/a.txt", 1L));
    assertThat(StatedFiles.in(text.replace("\\\\", "\\")).lack(sizes)).isEmpty();
    for (String path : List.copyOf(sizes.keySet())) {
      Map<String, @Nullable Long> less = new HashMap<>(sizes);
      less.remove(path);
      assertThat(StatedFiles.in(text.replace("\\\\", "\\")).lack(less)).as(path).isNotEmpty();
    }
  }

  @Test
  void anEmptyFolderIsNoFindingWhereTheSizesAddUp() {
    String text =
        """
        model_size_bytes: 7
        flavors:
          python_function:
            python_model: python_model.pkl
            artifacts: {cache: {path: artifacts/cache, uri: x}}
        """;
    assertThat(StatedFiles.in(text).lack(known("python_model.pkl", 7L))).isEmpty();
    assertThat(StatedFiles.in(text).lack(known("python_model.pkl", 8L))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "abc", "[1, 2]", "{", "flavors: 3", "flavors: {sklearn: 3}", "a: &a [*a]"})
  void otherYamlThanMlflowsStatesNothing(String text) {
    assertThat(StatedFiles.in(text).lack(Map.of())).isEmpty();
  }

  private static Map<String, @Nullable Long> known(Object... namesAndSizes) {
    Map<String, @Nullable Long> sizes = new TreeMap<>();
    for (int i = 0; i < namesAndSizes.length; i += 2) {
      sizes.put((String) namesAndSizes[i], (Long) namesAndSizes[i + 1]);
    }
    return sizes;
  }

  private static StatedFiles stated(String model) {
    return StatedFiles.in(resource(model, "MLmodel"));
  }

  private static Map<String, @Nullable Long> sizes(String model) {
    Map<String, @Nullable Long> sizes = new TreeMap<>();
    sizes.put("MLmodel", (long) resource(model, "MLmodel").length());
    resource(model, "files.txt")
        .lines()
        .map(line -> line.split(" ", 2))
        .forEach(line -> sizes.put(line[1], Long.valueOf(line[0])));
    return sizes;
  }

  private static String resource(String model, String name) {
    try (InputStream in =
        Objects.requireNonNull(
            StatedFilesTest.class.getResourceAsStream("models/" + model + "/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
