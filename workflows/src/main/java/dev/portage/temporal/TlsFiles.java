package dev.portage.temporal;

import io.temporal.envconfig.ClientConfigTLS;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The PEM files of a TLS connection: read here, so that each missing one is named. */
final class TlsFiles {

  private final TemporalSettings.FileReader files;

  TlsFiles(TemporalSettings.FileReader files) {
    this.files = files;
  }

  /**
   * The same settings, with the files' content in place of their paths.
   *
   * @throws WrongSettingsException if one is missing or is something else
   */
  @Nullable ClientConfigTLS read(@Nullable ClientConfigTLS tls) {
    if (tls == null) {
      return null;
    }
    byte[] cert =
        data(tls.getClientCertPath(), tls.getClientCertData(), "CLIENT_CERT", "CERTIFICATE");
    byte[] key = data(tls.getClientKeyPath(), tls.getClientKeyData(), "CLIENT_KEY", "PRIVATE KEY");
    byte[] authority =
        data(tls.getServerCACertPath(), tls.getServerCACertData(), "SERVER_CA_CERT", "CERTIFICATE");
    if ((cert.length == 0) != (key.length == 0)) {
      throw new WrongSettingsException(
          "set both TEMPORAL_TLS_CLIENT_CERT_… and TEMPORAL_TLS_CLIENT_KEY_…, or neither");
    }
    return ClientConfigTLS.newBuilder()
        .setDisabled(tls.isDisabled())
        .setServerName(tls.getServerName())
        .setDisableHostVerification(tls.isDisableHostVerification())
        .setClientCertData(cert)
        .setClientKeyData(key)
        .setServerCACertData(authority)
        .build();
  }

  private byte[] data(@Nullable String path, byte @Nullable [] inPlace, String name, String block) {
    String where =
        "TEMPORAL_TLS_" + name + (path == null || path.isEmpty() ? "_DATA" : "_PATH names " + path);
    byte[] data =
        path == null || path.isEmpty()
            ? inPlace == null ? new byte[0] : inPlace
            : file(path, where);
    String text = new String(data, StandardCharsets.ISO_8859_1);
    if (data.length > 0 && !(text.contains("-----BEGIN ") && text.contains(block + "-----"))) {
      throw new WrongSettingsException(
          where + ", which is not PEM: it must contain -----BEGIN " + block + "-----");
    }
    return data;
  }

  private byte[] file(String path, String where) {
    try {
      return files
          .read(path)
          .filter(data -> data.length > 0)
          .orElseThrow(
              () -> new WrongSettingsException(where + ", which does not exist or is empty"));
    } catch (IOException e) {
      throw new WrongSettingsException(
          where + ", which can't be read (" + e.getClass().getSimpleName() + ")");
    }
  }
}
