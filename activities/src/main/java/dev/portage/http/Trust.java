package dev.portage.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Trusts a company's own certificate authorities in addition to the JDK's. */
final class Trust {
  private Trust() {}

  /**
   * Sets them on a client.
   *
   * @throws IllegalArgumentException when the file cannot be read or holds no certificate
   */
  static void addTo(OkHttpClient.Builder client, Path caFile) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (X509Certificate known : managerOf(null).getAcceptedIssuers()) {
        store.setCertificateEntry("jdk-" + number++, known);
      }
      for (Certificate added : read(caFile)) {
        store.setCertificateEntry("added-" + number++, added);
      }
      X509TrustManager manager = managerOf(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {manager}, null);
      client.sslSocketFactory(context.getSocketFactory(), manager);
    } catch (GeneralSecurityException | IOException e) {
      throw unusable(caFile, e);
    }
  }

  private static Collection<? extends Certificate> read(Path caFile)
      throws GeneralSecurityException, IOException {
    try (InputStream file = Files.newInputStream(caFile)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(file);
      if (certificates.isEmpty()) {
        throw unusable(caFile, null);
      }
      return certificates;
    }
  }

  private static X509TrustManager managerOf(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("this JDK has no X.509 trust manager");
  }

  private static IllegalArgumentException unusable(Path caFile, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "file of certificate authorities "
            + caFile
            + " can't be used; allowed: a readable PEM file with at least one certificate",
        cause);
  }
}
