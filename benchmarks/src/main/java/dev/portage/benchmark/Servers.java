package dev.portage.benchmark;

import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.MlflowPages;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The two servers, accessed by Portage's own code. */
final class Servers {
  private Servers() {}

  static OutboundHttp http() {
    return OutboundHttp.open(NetworkSettings.direct());
  }

  static MlflowServer source(OutboundHttp http, URI uri) {
    return new MlflowServer(http, uri, () -> null, "source", MlflowPages.ofMlflow(uri));
  }

  /** A local workspace, which requires a login. */
  static MlflowServer workspace(OutboundHttp http, URI uri, String name, String token) {
    return new MlflowServer(http, uri, () -> token, name, MlflowPages.ofMlflow(uri));
  }

  /** A finished run without anything in it. */
  static String run(MlflowServer server, String experiment) {
    String id =
        server.runs().create(experiment, "train", System.currentTimeMillis(), Map.of()).id();
    server.runs().end(id, "FINISHED", null);
    return id;
  }

  /**
   * Both.
   *
   * @param token login of both, null for none
   */
  static MlflowServers both(OutboundHttp http, URI source, URI target, @Nullable String token) {
    MlflowServer from =
        new MlflowServer(http, source, () -> token, "source", MlflowPages.ofMlflow(source));
    MlflowServer to =
        new MlflowServer(http, target, () -> token, "target", MlflowPages.ofMlflow(target));
    return new MlflowServers() {
      @Override
      public MlflowServer of(String workspace) {
        return workspace.equals("target") ? to : from;
      }

      @Override
      public MlflowServer readerOf(String workspace) {
        return of(workspace);
      }
    };
  }
}
