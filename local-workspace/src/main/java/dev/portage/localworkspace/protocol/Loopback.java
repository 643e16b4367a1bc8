package dev.portage.localworkspace.protocol;

import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import java.time.Duration;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;

/** How the servers of a workspace listen: for this machine alone, and to any path and size. */
public final class Loopback {
  /** Where they listen. */
  public static final String ADDRESS = "127.0.0.1";

  private static final Duration IDLE = Duration.ofMinutes(10);

  private Loopback() {}

  /**
   * Configures a server.
   *
   * @param port 0 for one that is free
   */
  public static void configure(JavalinConfig config, int port) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.concurrency.useVirtualThreads = true;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.maxRequestSize = Long.MAX_VALUE;
    config.jetty.modifyServletContextHandler(
        handler -> handler.getServletHandler().setDecodeAmbiguousURIs(true));
    config.jetty.addConnector((jetty, _) -> {
      HttpConfiguration http = new HttpConfiguration();
      http.setSendServerVersion(false);
      // File names may contain anything that can be escaped.
      http.setUriCompliance(UriCompliance.UNSAFE);
      ServerConnector connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
      connector.setHost(ADDRESS);
      connector.setPort(port);
      connector.setIdleTimeout(IDLE.toMillis());
      return connector;
    });
  }
}
