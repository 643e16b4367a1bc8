package dev.portage.secrets;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;

/** Reads secrets of Azure Key Vault. */
@FunctionalInterface
public interface KeyVault {

  /** The current value, or that of the version named. Failures carry a {@link Problem}. */
  Secret read(SecretReference.VaultSecret reference);

  /** Says that it can't: this release has no client for Key Vault. */
  static KeyVault absent() {
    return reference -> {
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              "read the secret " + reference.text(),
              "this worker",
              "Key Vault references are not supported in this release",
              "Use env:NAME or file:PATH, filled from the vault where the worker is started."));
    };
  }
}
