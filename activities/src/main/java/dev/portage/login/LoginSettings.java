package dev.portage.login;

import dev.portage.secrets.SecretReference;
import org.jspecify.annotations.Nullable;

/**
 * A login as the platform file has it. Names secrets and holds none. What is not a secret ({@code
 * tenant}, {@code client-id}) may be a reference too, as {@code env:ARM_CLIENT_ID}.
 */
public sealed interface LoginSettings {

  /** Where it is kept, or who logs in, in the words of the platform file; for messages. */
  String text();

  /** Logins that are sent as they are stored. */
  sealed interface Stored extends LoginSettings {}

  /** A token as it is: a personal access token of Databricks, or one that a server was given. */
  record Token(SecretReference token) implements Stored {
    @Override
    public String text() {
      return token.text();
    }
  }

  /** A user with a password. */
  record Password(SecretReference user, SecretReference password) implements Stored {
    @Override
    public String text() {
      return user.text() + " and " + password.text();
    }
  }

  /** Logins whose tokens Databricks issues, at the host of the workspace. */
  sealed interface OfDatabricks extends LoginSettings {}

  /** A service principal of Databricks with an OAuth secret. */
  record DatabricksOauth(String clientId, SecretReference clientSecret) implements OfDatabricks {
    @Override
    public String text() {
      return "client-id " + clientId + " with " + clientSecret.text();
    }
  }

  /**
   * A token of another issuer, exchanged by Databricks' token federation.
   *
   * @param clientId of the service principal whose federation policy applies; null for a policy of
   *     the whole account
   */
  record DatabricksFederation(@Nullable String clientId, IdTokenSettings idToken)
      implements OfDatabricks {
    @Override
    public String text() {
      return (clientId == null ? "" : "client-id " + clientId + " with ") + idToken.text();
    }
  }

  /** Logins whose tokens Microsoft Entra issues. */
  sealed interface OfEntra extends LoginSettings {}

  /** A service principal of Entra with a client secret. */
  record EntraSecret(String tenant, String clientId, SecretReference clientSecret)
      implements OfEntra {
    @Override
    public String text() {
      return "client-id " + clientId + " with " + clientSecret.text();
    }
  }

  /**
   * A service principal of Entra with a certificate.
   *
   * @param certificate PEM with the private key, or PFX as Base64 or as a file
   * @param password of a PFX, null for none
   */
  record EntraCertificate(
      String tenant,
      String clientId,
      SecretReference certificate,
      @Nullable SecretReference password)
      implements OfEntra {
    @Override
    public String text() {
      return "client-id " + clientId + " with the certificate " + certificate.text();
    }
  }

  /** A service principal of Entra, or a user-assigned identity, that trusts another issuer. */
  record EntraFederation(String tenant, String clientId, IdTokenSettings idToken)
      implements OfEntra {
    @Override
    public String text() {
      return "client-id " + clientId + " with " + idToken.text();
    }
  }

  /**
   * The identity that Azure gives to where the worker runs: of the machine or the app, and, in a
   * cluster with workload identity, of the pod.
   *
   * @param clientId of a user-assigned one, null for the only one there is
   */
  record ManagedIdentity(@Nullable String clientId) implements OfEntra {
    @Override
    public String text() {
      return "the managed identity" + (clientId == null ? "" : " " + clientId);
    }
  }
}
