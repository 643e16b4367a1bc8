package dev.portage.secrets;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;

/** Reads secrets of Azure Key Vault. */
@FunctionalInterface
public interface KeyVault {

  /** The current value, or that of the version named. Failures carry a {@link Problem}. */
  Secret read(SecretReference.VaultSecret reference);

  /** Forgets values that are kept for a while: a server has refused a login. */
  default void forgetKept() {}

  /** Says that it can't: the login for a vault can't itself be kept in a vault. */
  static KeyVault absent() {
    return reference -> {
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              "read the secret " + reference.text(),
              "this worker",
              "the login for Key Vault can't be kept in Key Vault",
              "Use env:NAME or file:PATH, filled from the vault where the worker is started."));
    };
  }
}
