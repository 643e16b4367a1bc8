package dev.portage.localworkspace.registry;

import dev.portage.localworkspace.rights.Right;
import java.util.Set;
import java.util.regex.Pattern;

/** Which of MLflow's calls read and which write. A call not known to read counts as a write. */
final class RegistryRights {
  /** Reads that are POST because their question is too long for a URL. */
  private static final Pattern ASKING =
      Pattern.compile(
          ".*/(search|batch-get|batchGet|get-latest-versions|presigned-download-url"
              + "|artifacts/credentials-for-read|credentials-for-download|datasets/search-datasets)");

  private static final Set<String> SAFE = Set.of("GET", "HEAD");

  private RegistryRights() {}

  static Right of(String method, String path) {
    if (SAFE.contains(method)) {
      return Right.REGISTRY_READ;
    }
    boolean artifact = path.contains("/mlflow-artifacts/");
    return method.equals("POST") && !artifact && ASKING.matcher(path).matches()
        ? Right.REGISTRY_READ
        : Right.REGISTRY_WRITE;
  }
}
