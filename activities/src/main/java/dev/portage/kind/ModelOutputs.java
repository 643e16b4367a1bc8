package dev.portage.kind;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** What a model answers, by the outputs of its signature. Pure. */
final class ModelOutputs {
  private static final Set<String> NUMBERS = Set.of("integer", "long", "float", "double");
  private static final String TENSOR = "u?int[0-9]+|float[0-9]+";

  private ModelOutputs() {}

  /**
   * Whether it answers nothing but numbers.
   *
   * @param outputs as the file MLmodel has them: a JSON list of columns, or of one tensor
   * @return null where they don't say
   */
  static @Nullable Boolean areNumbers(@Nullable Object outputs) {
    if (!(outputs instanceof String text)) {
      return null;
    }
    try {
      Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
      if (!(read instanceof List<?> columns) || columns.isEmpty()) {
        return null;
      }
      return columns.stream().allMatch(ModelOutputs::isNumber);
    } catch (YAMLException _) {
      return null;
    }
  }

  private static boolean isNumber(@Nullable Object column) {
    if (!(column instanceof Map<?, ?> said)) {
      return false;
    }
    return said.get("tensor-spec") instanceof Map<?, ?> tensor
        ? String.valueOf(tensor.get("dtype")).matches(TENSOR)
        : NUMBERS.contains(String.valueOf(said.get("type")));
  }
}
