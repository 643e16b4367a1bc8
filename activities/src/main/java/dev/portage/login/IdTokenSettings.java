package dev.portage.login;

import dev.portage.secrets.SecretReference;
import org.jspecify.annotations.Nullable;

/** Where a token comes from by which a workload proves to another issuer what it is. */
public sealed interface IdTokenSettings {

  /** In the words of the platform file. */
  String text();

  /** Put there by whoever runs the worker, and renewed there: a projected token of Kubernetes. */
  record Kept(SecretReference reference) implements IdTokenSettings {
    @Override
    public String text() {
      return reference.text();
    }
  }

  /**
   * Requested from GitHub, inside a job with {@code permissions: id-token: write}.
   *
   * @param audience null for that of whoever exchanges it
   */
  record Github(@Nullable String audience) implements IdTokenSettings {
    @Override
    public String text() {
      return "id-token github";
    }
  }

  /**
   * Requested from Azure DevOps, inside a job with {@code SYSTEM_ACCESSTOKEN} mapped.
   *
   * @param serviceConnection id of the service connection to log in as; null for the pipeline
   *     itself
   */
  record AzureDevops(@Nullable String serviceConnection) implements IdTokenSettings {
    @Override
    public String text() {
      return "id-token azure-devops";
    }
  }
}
