package dev.portage.platform;

import dev.portage.settings.ServeSettings.Size;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The cloud of a Databricks workspace, as its address tells it, and which sizes of served versions
 * it has no machines for. On AWS each of them is offered, some in previews, so there the workspace
 * has the last word, as it has for regions: the preflight asks it.
 */
enum Cloud {
  /**
   * Azure.
   *
   * @see <a
   *     href="https://learn.microsoft.com/azure/databricks/machine-learning/model-serving/create-manage-serving-endpoints#gpu-workload-types">GPU
   *     workload types on Azure</a>
   */
  AZURE("Azure"),
  /**
   * Google Cloud.
   *
   * @see <a
   *     href="https://docs.databricks.com/gcp/en/machine-learning/model-serving/create-manage-serving-endpoints#gpu-workload-types">GPU
   *     workload types on Google Cloud</a>
   */
  GOOGLE("Google Cloud");

  private final String words;

  Cloud(String words) {
    this.words = words;
  }

  /** That of an address; empty on AWS, and where the address is a name that a company gave it. */
  static Optional<Cloud> of(@Nullable URI host) {
    String name =
        host == null ? "" : Objects.requireNonNullElse(host.getHost(), "").toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(cloud -> cloud.domains().stream().anyMatch(name::endsWith))
        .findFirst();
  }

  private List<String> domains() {
    return switch (this) {
      case AZURE -> List.of(".azuredatabricks.net", ".databricks.azure.cn", ".databricks.azure.us");
      case GOOGLE -> List.of(".gcp.databricks.com");
    };
  }

  /** How messages name it. */
  String words() {
    return words;
  }

  /** Whether versions of this size may be served there. */
  boolean offers(Size size) {
    return switch (this) {
      case AZURE -> size != Size.GPU_MEDIUM && size != Size.MULTIGPU_MEDIUM;
      case GOOGLE ->
          size != Size.GPU_SMALL && size != Size.GPU_LARGE && size != Size.MULTIGPU_MEDIUM;
    };
  }

  /** All sizes that may be offered, as {@code promotion.yaml} has them. */
  String offered() {
    return Arrays.stream(Size.values())
        .filter(this::offers)
        .map(Size::written)
        .collect(Collectors.joining(", "));
  }

  /** Where Databricks lists them. */
  String page() {
    return switch (this) {
      case AZURE ->
          "https://learn.microsoft.com/azure/databricks/machine-learning/model-serving/create-manage-serving-endpoints";
      case GOOGLE ->
          "https://docs.databricks.com/gcp/en/machine-learning/model-serving/create-manage-serving-endpoints";
    };
  }
}
