package dev.portage.keyvault;

import dev.portage.login.LoginSettings;

/**
 * How Key Vault is reached.
 *
 * @param login who reads it
 * @param suffix what follows the name of a vault in its address, which differs by cloud
 */
public record VaultSettings(LoginSettings.OfEntra login, String suffix) {

  /** The suffix where the platform file says none. */
  public static final String SUFFIX = "vault.azure.net";

  /** By the identity of where the worker runs, in Azure's public cloud. */
  public static final VaultSettings STANDARD =
      new VaultSettings(new LoginSettings.ManagedIdentity(null), SUFFIX);
}
