package dev.portage.login;

import com.azure.identity.ClientCertificateCredentialBuilder;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.secrets.SecretReference;
import dev.portage.secrets.Secrets;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Collections;

/** A certificate with its private key by which a service principal logs in: PEM or PFX. */
final class LoginCertificate {
  private static final String PEM = "-----BEGIN ";
  private static final String PEM_CERTIFICATE = "-----BEGIN CERTIFICATE-----";
  private static final String PEM_KEY = "PRIVATE KEY-----";

  private final byte[] content;
  private final boolean pem;
  private final String password;

  private LoginCertificate(byte[] content, boolean pem, String password) {
    this.content = content;
    this.pem = pem;
    this.password = password;
  }

  /**
   * Reads it as it is now.
   *
   * @throws io.temporal.failure.ApplicationFailure the user's, when it is none
   */
  static LoginCertificate read(Secrets secrets, LoginSettings.EntraCertificate login) {
    byte[] bytes = secrets.readBytes(login.certificate());
    String text = new String(bytes, StandardCharsets.ISO_8859_1).strip();
    if (text.contains(PEM)) {
      require(login, text.contains(PEM_KEY) && text.contains(PEM_CERTIFICATE));
      return new LoginCertificate(bytes, true, "");
    }
    SecretReference reference = login.password();
    String password = reference == null ? "" : secrets.readLine(reference).reveal();
    byte[] pfx = decoded(text, bytes);
    require(login, opens(pfx, password));
    return new LoginCertificate(pfx, false, password);
  }

  /** Hands it to Azure's library. */
  ClientCertificateCredentialBuilder addTo(ClientCertificateCredentialBuilder builder) {
    ByteArrayInputStream in = new ByteArrayInputStream(content);
    return pem
        ? builder.pemCertificate(in)
        : builder.clientCertificatePassword(password).pfxCertificate(in);
  }

  /** The library would only say so when it has to log in, and as if the network had failed. */
  private static void require(LoginSettings.EntraCertificate login, boolean is) {
    if (!is) {
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              "read the certificate " + login.certificate().text(),
              "this worker",
              "it is not a certificate with a private key, or its password is wrong",
              "Store it as PEM with the private key, or as PFX with certificate-password."));
    }
  }

  private static boolean opens(byte[] pfx, String password) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(pfx), password.toCharArray());
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          return true;
        }
      }
      return false;
    } catch (GeneralSecurityException | IOException _) {
      return false;
    }
  }

  /** A vault gives a PFX as Base64. */
  private static byte[] decoded(String text, byte[] bytes) {
    try {
      return text.matches("[A-Za-z0-9+/=\\s]+") ? Base64.getMimeDecoder().decode(text) : bytes;
    } catch (IllegalArgumentException _) {
      return bytes;
    }
  }
}
